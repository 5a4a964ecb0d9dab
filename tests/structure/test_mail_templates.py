"""Every mail that the hub writes has a template."""

import ast

from tests.structure.test_layers import ROOT, sources


def test_every_mail_that_is_written_has_a_template() -> None:
    written = {
        argument.value
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).endswith(("send_mail", "tell_of_change"))
        for argument in node.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    }
    folder = ROOT / "referral_hub" / "templates" / "mail"
    assert {"new_sign_in", "password_changed"} <= written
    assert written <= {path.stem for path in folder.glob("*.txt")}
