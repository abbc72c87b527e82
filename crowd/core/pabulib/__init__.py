"""Reading Pabulib files (.pb), the exchange format of participatory budgeting elections: https://pabulib.org/format.

Three sections, META, PROJECTS, VOTES, each with a header line, parted by `;`. The file is read once, line by line: `read_election`
takes META and PROJECTS and stops before the votes, `Election.votes` goes on from there and may be walked once.

What is not quite right is reported as a `Notice` and mended in a stated way; what cannot be read is a `PabError` with its line.
- A mark for an unknown project, or a second mark for the same one, is dropped; the ballot stays.
- A voter id that comes again is a ballot of its own ("17", then "17#2"): the official totals count every row.
- `num_projects` and `num_votes` that do not agree with what was found are reported; what was found counts.
- A file without the column `votes` states no official totals: `Project.votes` is None and there is nothing to compare.
- A knapsack ballot is one of marks.
"""

from crowd.core.pabulib.election import Election, Notice, PabError, Project, Vote
from crowd.core.pabulib.reading import read_election

__all__ = ["Election", "Notice", "PabError", "Project", "Vote", "read_election"]
