"""Reading what other people wrote: what a file is, and which facts a résumé or a posting states.

Everything here is pure or confined: `judge` looks at the first bytes only, `parse_posting` and
`facts_of_json_resume` read plain JSON, and documents (PDF, DOCX, text) are opened by a child process
with limits (`ParserPool`), because they come from strangers.
"""

from services.intake.parsing.json_resume import facts_of_json_resume
from services.intake.parsing.judge import judge
from services.intake.parsing.model import Employer, Found, Judged, Place, PostingFacts, ResumeFacts, Salary, SkillFound
from services.intake.parsing.names import name_keys
from services.intake.parsing.pool import ParserPool
from services.intake.parsing.posting import parse_posting
from services.intake.parsing.resume import parse_resume

__all__ = [
    "Employer",
    "Found",
    "Judged",
    "ParserPool",
    "Place",
    "PostingFacts",
    "ResumeFacts",
    "Salary",
    "SkillFound",
    "facts_of_json_resume",
    "judge",
    "name_keys",
    "parse_posting",
    "parse_resume",
]
