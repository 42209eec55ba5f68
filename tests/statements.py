"""Bank statements as banks write them, for tests: camt.053 and camt.054."""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

IBAN = "FR1420041010050500013M02606"
ROOTS = {"053": ("BkToCstmrStmt", "Stmt"), "054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn")}


@dataclass(frozen=True, slots=True)
class Came:
    """One entry; `structured` is where its words stand."""

    number: str
    amount: str
    words: str
    payer: str = "Rosa Doe"
    currency: str = "EUR"
    sign: str = "CRDT"
    status: str = "<Cd>BOOK</Cd>"
    structured: bool = True
    more: str = ""


def entry(of: Came) -> str:
    words = escape(of.words)
    told = f"<Strd><CdtrRefInf><Ref>{words}</Ref></CdtrRefInf></Strd>" if of.structured else f"<Ustrd>{words}</Ustrd>"
    number = f"<AcctSvcrRef>{escape(of.number)}</AcctSvcrRef>" if of.number else ""
    return f"""<Ntry><Amt Ccy="{of.currency}">{of.amount}</Amt><CdtDbtInd>{of.sign}</CdtDbtInd>{of.more}
<Sts>{of.status}</Sts><BookgDt><Dt>2026-11-26</Dt></BookgDt>{number}<NtryDtls><TxDtls>
<Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs><RltdPties><Dbtr><Pty><Nm>{escape(of.payer)}</Nm></Pty></Dbtr></RltdPties>
<RmtInf>{told}</RmtInf></TxDtls></NtryDtls></Ntry>"""


def statement(
    came: Sequence[Came], kind: str = "053", iban: str = IBAN, entries: str = "", version: str = "08"
) -> bytes:
    root, part = ROOTS[kind]
    inside = "".join(map(entry, came)) + entries
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.{kind}.001.{version}"><{root}><GrpHdr><MsgId>1</MsgId></GrpHdr>
<{part}><Id>1</Id><Acct><Id><IBAN>{iban}</IBAN></Id><Ccy>EUR</Ccy></Acct>{inside}</{part}></{root}></Document>""".encode()
