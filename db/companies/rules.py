"""Rules about companies."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from db.core.text import Text, _

_NO_CODE = frozenset({"", "/", "-", "—", "无", "待定", "暂无", "未注册", "办理中"})


def plain_company(name: str) -> str:
    """A company's name as it is compared: no blanks, brackets of one kind."""
    return "".join(unicodedata.normalize("NFKC", name).split()).replace("(", "（").replace(")", "）")


def plain_code(code: str | None) -> str | None:
    """A credit code as it is stored: capitals, no blanks; None where the cell says that there is none."""
    bare = "".join(unicodedata.normalize("NFKC", code or "").split()).upper()
    return None if bare in _NO_CODE else bare


def plain_companies(names: Sequence[str]) -> list[str]:
    """`plain_company` of many names, in one go where none of them holds a blank."""
    text = unicodedata.normalize("NFKC", "\n".join(names)).replace("(", "（").replace(")", "）")
    found = text.split("\n")
    return found if len(found) == len(names) and text.split() == found else list(map(plain_company, names))


def plain_codes(codes: Sequence[str | None]) -> list[str | None]:
    """`plain_code` of many, in one go where none of them holds a blank."""
    text = unicodedata.normalize("NFKC", "\n".join([code or "/" for code in codes])).upper()
    found = text.split("\n")
    if len(found) != len(codes) or text.split() != found:
        return list(map(plain_code, codes))
    return [None if code in _NO_CODE else code for code in found]


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
