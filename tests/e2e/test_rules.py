"""A clearance is found, a change proposed, refused to its maker, approved by somebody else: on the pages alone."""

from playwright.sync_api import Page, expect

from tests.browser import cookie_of
from tests.e2e.conftest import Street
from tests.e2e.test_map import violations
from tests.factories import an_actor
from tests.signed_in import a_session
from xzgis.catalogue.files import catalogue
from xzgis.core.db import transaction
from xzgis.identity.terms import Role


def become(page: Page, account: str, *roles: Role, to: str = "/rules") -> None:
    """From now on the browser is that of somebody else."""
    with transaction(an_actor()) as session:
        page.context.add_cookies([cookie_of(a_session(session, account, *roles))])
    page.goto(to)


def test_a_clearance_is_changed_by_two_people(clean_page: Page, street: Street) -> None:
    page = clean_page
    become(page, "keeper.rules", Role.DATA_KEEPER)
    expect(page.locator("#edition")).to_contain_text("出厂值")
    assert violations(page) == []
    page.get_by_role("link", name="水平净距").click()
    page.get_by_label("搜索").fill("给水 燃气 h043")
    page.get_by_label("搜索").press("Enter")
    expect(page.get_by_role("status").filter(has_text="行")).to_contain_text(
        f"1 行，共 {len(catalogue().horizontal)} 行"
    )
    assert violations(page) == []
    page.get_by_role("link", name="H043").click()
    page.get_by_label("净距 m").fill("99")
    page.get_by_label("理由").fill("核对原文后更正")
    page.get_by_label("依据").fill("GB 50289-2016 表 4.1.9")
    page.get_by_role("button", name="提交修改").click()
    expect(page.get_by_role("alert")).to_contain_text("数值过大")
    page.get_by_label("净距 m").fill("1.2")
    page.get_by_role("button", name="提交修改").click()

    expect(page.get_by_role("heading", name="比出厂值松")).to_be_visible()
    expect(page.get_by_role("row", name="净距 m")).to_have_text("净距 m1.51.2")
    expect(page.get_by_role("button", name="批准")).to_have_count(0)
    assert violations(page) == []
    address = page.url

    become(page, "chief.rules", Role.APPROVER)
    page.goto("/desk")
    page.get_by_role("link", name="提出修改“水平净距”H043").click()
    assert page.url == address
    page.get_by_label("审批意见").fill("已核对原文")
    page.get_by_role("button", name="批准").click()

    expect(page.get_by_text("已批准", exact=True)).to_be_visible()
    page.goto("/rules/tables/horizontal?changed=yes")
    expect(page.get_by_role("row").filter(has_text="H043")).to_contain_text("比出厂值松")
    assert violations(page) == []
    page.get_by_role("link", name="H043").click()
    expect(
        page.get_by_role("region", name="修改历史").get_by_role("row").filter(has_text="keeper.rules")
    ).to_contain_text("chief.rules")
    assert violations(page) == []
