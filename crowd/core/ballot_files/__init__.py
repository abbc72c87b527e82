"""Files of elections: read into a `Profile`, whatever the format.

| ending | format | ids of candidates |
|---|---|---|
| `.pb` | Pabulib, https://pabulib.org/format | `project_id` |
| `.blt` | BLT, of OpenSTV and others | place in the list, from 1 |
| `.soc .soi .toc .toi .cat` | PrefLib, https://preflib.github.io/PrefLib-Jekyll/format | the file's number |
| `.json` | a profile of our own, see `json_profile` | `id` |
"""

from crowd.core.ballot_files.fault import FileFault, Reading
from crowd.core.ballot_files.reading import ENDINGS, read_profile

__all__ = ["ENDINGS", "FileFault", "Reading", "read_profile"]
