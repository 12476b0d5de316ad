"""A grammar of quantities: texts with the number they mean, and texts that mean none."""

from fractions import Fraction

from hypothesis import strategies as st

# What a unit is worth, by the unit that is wanted; written by hand, not by pint.
WORTH = {
    "min": {"min": 1, "minutes": 1, "s": Fraction(1, 60), "h": 60, "hours": 60, "hr": 60, "d": 1440,
            "days": 1440, "weeks": 10080, "wk": 10080},
    "1/h": {"1/h": 1, "/h": 1, "h-1": 1, "h^-1": 1, "h⁻¹": 1, "1/min": 60, "min**-1": 60,
            "1/d": Fraction(1, 24), "1 / day": Fraction(1, 24)},
    "mg/kg": {"mg/kg": 1, "g/kg": 1000, "ug/g": 1, "µg/g": 1, "μg/g": 1, "mg kg^-1": 1},
    "mg/dL": {"mg/dL": 1, "mg/dl": 1, "g/L": 100, "mmol/L": Fraction("18.0156"),
              "mM": Fraction("18.0156"), "mmol L-1": Fraction("18.0156"),
              "umol/L": Fraction("0.0180156")},
    "uU/mL": {"uU/mL": 1, "µU/mL": 1, "μU/ml": 1, "mU/L": 1, "mIU/L": 1, "uIU/mL": 1, "IU/L": 1000,
              "pmol/L": Fraction(1, 6), "pM": Fraction(1, 6), "nmol/L": Fraction(1000, 6),
              "ng/mL": Fraction(1000) / Fraction("34.8"),
              "ug/L": Fraction(1000) / Fraction("34.8")},
    "U/kg": {"U/kg": 1, "IU/kg": 1, "mU/g": 1, "nmol/kg": Fraction(1, 6)},
    "ohm*cm^2": {"ohm cm2": 1, "ohm*cm^2": 1, "ohm cm²": 1, "Ω·cm²": 1, "ohm·cm^2": 1,
                 "kohm cm2": 1000, "ohm * mm**2": Fraction(1, 100)},
    "EU/mL": {"EU/mL": 1, "EU/ml": 1, "EU/L": Fraction(1, 1000), "IU/mL": 1},
    "pg/mL": {"pg/mL": 1, "ng/L": 1, "ng/mL": 1000},
    "mg/kg/min": {"mg/kg/min": 1, "ug/(g min)": 1, "mg/(kg*min)": 1, "mg/kg/h": Fraction(1, 60)},
    "particles": {"particles": 1, "particle": 1},
    "1": {"": 1, "%": Fraction(1, 100), "percent": Fraction(1, 100)},
}  # fmt: skip
BLANKS = ("", " ", "  ", "\t", "\u00a0", "\u2009", "\u202f")
FOREIGN = ("kelvin", "furlong", "candela", "radian", "dozen", "degC", "parsec", "qqq", "mol lm")
DIGITS = st.text("0123456789", min_size=1, max_size=4)


@st.composite
def numbers(draw):
    """A number in Python's float form, and what it is worth."""
    whole, fraction = draw(DIGITS), draw(st.one_of(st.none(), st.just(""), DIGITS))
    if fraction and draw(st.booleans()):
        whole = ""
    exponent = draw(st.one_of(st.none(), st.integers(-9, 9)))
    sign = draw(st.sampled_from(("", "", "", "+", "-")))
    text = sign + whole + ("" if fraction is None else f".{fraction}")
    value = Fraction(int(whole + (fraction or "")), 10 ** len(fraction or ""))
    if exponent is not None:
        text += draw(st.sampled_from("eE")) + draw(st.sampled_from(("", "+"))) * (exponent >= 0)
        text, value = f"{text}{exponent}", value * Fraction(10) ** exponent
    return text, -value if sign == "-" else value


@st.composite
def valid(draw):
    """A quantity: its text, the unit that is wanted, and the number that it is there."""
    target = draw(st.sampled_from(sorted(WORTH)))
    unit = draw(st.sampled_from(sorted(WORTH[target])))
    text, value = draw(numbers())
    before, between, after = (draw(st.sampled_from(BLANKS)) for _ in range(3))
    if unit.startswith("1"):
        between = between or " "
    return f"{before}{text}{between}{unit}{after}", target, value * WORTH[target][unit]


@st.composite
def not_valid(draw):
    """A text that is no quantity in the unit wanted, that unit, and what the line must name."""
    target = draw(st.sampled_from(sorted(set(WORTH) - {"1"})))
    unit = draw(st.sampled_from(sorted(WORTH[target])))
    a, b = draw(st.integers(1, 999)), draw(st.integers(1, 99))
    c, mark = draw(st.integers(100, 999)), draw(st.sampled_from((*BLANKS[1:], "'", "’", "_", ",")))
    text, named = draw(
        st.sampled_from(
            (
                (f"{a},{b} {unit}", f"write {a}.{b} {unit}"),
                (f"-{a},{b} {unit}", f"write -{a}.{b} {unit}"),
                (f"{a}.{c},{b} {unit}", f"write {a}{c}.{b} {unit}"),
                (f"{a},{c}.{b} {unit}", f"write {a}{c}.{b} {unit}"),
                (f"{a}{mark}{c} {unit}", f"{a}{c} {unit}"),
                (f"{a}{mark}{c}{mark}{c} {unit}", f"write {a}{c}{c} {unit}"),
                (f"{a} {b}", ""),
                (f"{a}; {b} {unit}", ""),
                (f"{a},{b},{a} {unit}", ""),
                (unit.lstrip("1 "), ""),
                ("", ""),
                (f"{a}*{b} {unit}", ""),
                (f"{a}+{b} {unit}", ""),
                (f"{a}-{b} {unit}", ""),
                (f"{a}**{b}**9 {unit}", ""),
                (f"({a}) {unit}", ""),
                (f"{a}/{b} {unit}", ""),
                (f"--{a} {unit}", ""),
                (f"{a}.{b}.{c} {unit}", ""),
                (f"{a} {unit} {b}", ""),
                (f"{a} {unit} * {b}", ""),
                (f"{a} {unit}!", ""),
                (f"{a}\n{b} {unit}", ""),
                (f"{a} min^{c}", ""),
                (f"{a} min^9**9", ""),
                (f"{a} h^0.5", ""),
                (f"{a}e{c + 300} {unit}", "must be finite"),
                (f"nan {unit}", "must be finite"),
                (f"-inf {unit}", "must be finite"),
                (f"١{a} {unit}", ""),
                (f"{a} {unit} {'x' * 80}", ""),
                (f"{a} {draw(st.sampled_from(FOREIGN))}", ""),
                (f"0x{a} {unit}", ""),
                (f"{a}j {unit}", ""),
            )
        )
    )
    return text, target, named


CASES = st.integers(0, 3).flatmap(lambda n: not_valid() if n == 3 else valid())
