"""Whether receivers will believe our letters, in plain words: what is wrong, and how it is put right.

`findings.py` is one sentence of the doctor's · `records.py` looks at what DNS says of our domains · `site.py` at the
address that letters lead to · `letters.py` at the newest test letter and at the headers of one that was received ·
`rounds.py` does it all in the background and keeps what was found.
"""

from members.domain_doctor.findings import Finding, Level
from members.domain_doctor.rounds import BELL, ask, examine_waiting, forget, judge, last, recover

__all__ = ["BELL", "Finding", "Level", "ask", "examine_waiting", "forget", "judge", "last", "recover"]
