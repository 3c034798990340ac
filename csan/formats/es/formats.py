"""Spanish as in the United States (Unicode CLDR, es-US): numbers and hours as in English, dates as in Spanish."""

DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
DATE_FORMAT = r"j \d\e F \d\e Y"
TIME_FORMAT = "g:i a"
DATETIME_FORMAT = r"j \d\e F \d\e Y, g:i a"
FIRST_DAY_OF_WEEK = 0
