"""The report in headless Chromium: it fits, its controls work, it asks nothing of any network."""

from __future__ import annotations

import json
import shutil
import time

import pytest

import balancegame as bg

webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
pytestmark = [
    pytest.mark.compiled,  # the maps
    pytest.mark.skipif(
        CHROMIUM is None or DRIVER is None, reason="Chromium and its driver are not installed"
    ),
]

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
HOSTILE = "<img src=http://example.invalid/x onerror=alert(1)>"


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """A report, with a name that would reach out if it could."""
    path = tmp_path_factory.mktemp("report") / "report.html"
    world = bg.load_scenario("europe-1938").replace(title=HOSTILE, sources=[HOSTILE])
    bg.write_report(world, bg.load_model("europe-1938"), path, points=20)
    return path.as_uri()


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    service = webdriver.ChromeService(executable_path=DRIVER)
    driver = webdriver.Chrome(options=options, service=service)
    driver.set_page_load_timeout(60)
    yield driver
    driver.quit()


def opened(browser, address, width, **media):
    """The page at a width in CSS pixels."""
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    browser.execute_cdp_cmd(
        "Emulation.setEmulatedMedia",
        {"media": "", "features": [{"name": n, "value": v} for n, v in media.items()]},
    )
    for kind in ("browser", "performance"):
        browser.get_log(kind)
    browser.get(address)
    return browser


def until(tell, seconds=10.0):
    """What is told, as soon as there is something."""
    end = time.monotonic() + seconds
    while not (told := tell()) and time.monotonic() < end:
        time.sleep(0.02)
    return told


def find(browser, selector):
    return browser.find_element("css selector", selector)


@pytest.mark.parametrize("width", [1280, 390])
def test_it_fits_says_nothing_in_the_console_and_asks_for_nothing(browser, address, width):
    opened(browser, address, width)
    wide, inner = browser.execute_script(
        "return [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    assert wide <= inner <= width
    for frame in browser.find_elements("css selector", "figure svg"):
        assert 0.8 * min(width, 500) < frame.size["width"] <= width
        assert frame.size["height"] > 150
    assert HOSTILE in browser.title
    assert browser.get_log("browser") == []
    asked = [
        event["params"]["request"]["url"]
        for entry in browser.get_log("performance")
        if (event := json.loads(entry["message"])["message"])["method"]
        == "Network.requestWillBeSent"
    ]
    assert asked
    assert all(url.startswith(("file:", "data:")) for url in asked), asked


def test_sliders_are_moved_by_keys_and_read_the_map(browser, address):
    opened(browser, address, 1280)
    slider, output = find(browser, "#map-1-across"), find(browser, "#map-1-reading")
    cross = find(browser, "#map-1 .cross")
    before = output.text, slider.get_attribute("aria-valuetext"), cross.get_attribute("transform")
    focused = "return document.activeElement.id"
    slider.send_keys("\ue014")  # arrow to the right
    assert browser.execute_script(focused) == "map-1-across"
    after = output.text, slider.get_attribute("aria-valuetext"), cross.get_attribute("transform")
    assert all(new != old for old, new in zip(before, after, strict=True))
    slider.send_keys("\ue010")  # to the end
    data = json.loads(find(browser, "#map-1-data").get_attribute("textContent"))
    assert slider.get_attribute("aria-valuetext") == data["across"]["texts"][-1]
    assert data["across"]["texts"][-1] in output.text
    row = int(find(browser, "#map-1-up").get_attribute("value"))
    for line in data["readings"][data["codes"][row][-1]]:
        assert line in output.text
    outline = browser.execute_script("return getComputedStyle(arguments[0]).outlineStyle", slider)
    assert outline == "solid"
    # Every point of both maps can be read, those without interests too.
    said = browser.execute_script(
        """
        const slider = document.getElementById("map-1-up");
        const output = document.getElementById("map-1-reading");
        const said = [];
        for (let k = 0; k <= Number(slider.max); k++) {
          slider.value = k;
          slider.dispatchEvent(new Event("input"));
          said.push(output.textContent);
        }
        return said;
        """
    )
    assert all("equilibri" in one or "no interests" in one for one in said)
    assert browser.get_log("browser") == []


def test_the_pointer_reads_the_map(browser, address):
    opened(browser, address, 1280)
    plot = find(browser, "#map-2 .plot")
    browser.execute_script(
        "arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", plot
    )
    across, up = find(browser, "#map-2-across"), find(browser, "#map-2-up")
    for dx, dy, column, row in ((-0.49, 0.49, 0, 0), (0.49, -0.49, 19, 19), (0.01, 0.01, 10, 9)):
        webdriver.ActionChains(browser).move_to_element_with_offset(
            plot, int(dx * plot.rect["width"]), int(dy * plot.rect["height"])
        ).perform()
        assert (int(across.get_attribute("value")), int(up.get_attribute("value"))) == (column, row)


@pytest.mark.parametrize("identifier", ["methods-text", "bibtex-text"])
def test_texts_are_copied(browser, address, identifier):
    opened(browser, address, 1280)
    browser.execute_cdp_cmd("Browser.grantPermissions", {"permissions": ["clipboardReadWrite"]})
    button = find(browser, f"button[data-copies={identifier}]")
    button.send_keys("\ue007")  # the return key
    status = find(browser, f"#{identifier}-status")
    assert until(lambda: status.text) == "Copied."
    copied = browser.execute_async_script(
        "navigator.clipboard.readText().then(arguments[0], (e) => arguments[0](String(e)))"
    )
    assert copied == find(browser, f"#{identifier}").get_attribute("value")


def test_without_its_script_the_page_can_be_read(browser, address):
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        opened(browser, address, 390)
        assert "pure equilibri" in find(browser, "#map-1-reading").text
        assert find(browser, "#map-1 svg").size["height"] > 150
        for selector in ("#map-1-across", "button", ".cross"):
            assert not find(browser, selector).is_displayed()
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_motion_is_reduced_where_it_is_not_wanted(browser, address):
    behaviour = "return getComputedStyle(document.documentElement).scrollBehavior"
    opened(browser, address, 1280, **{"prefers-reduced-motion": "reduce"})
    assert browser.execute_script(behaviour) == "auto"
    opened(browser, address, 1280, **{"prefers-reduced-motion": "no-preference"})
    assert browser.execute_script(behaviour) == "smooth"


def test_text_is_dark_on_light(browser, address):
    opened(browser, address, 1280)
    worst = browser.execute_script(
        """
        const light = (c) => {
          const [r, g, b] = c.map((v) => v / 255).map(
            (v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
          return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const parts = (text) => text.match(/[\\d.]+/g).map(Number);
        let worst = 21;
        for (const node of document.querySelectorAll("p, td, th, li, a, h1, h2, button, label")) {
          let back = [255, 255, 255];
          const chain = [];
          for (let one = node; one; one = one.parentElement) chain.unshift(one);
          for (const one of chain) {
            const [r, g, b, a = 1] = parts(getComputedStyle(one).backgroundColor);
            back = back.map((v, k) => v * (1 - a) + [r, g, b][k] * a);
          }
          const fore = parts(getComputedStyle(node).color).slice(0, 3);
          const [low, high] = [light(fore), light(back)].sort((a, b) => a - b);
          worst = Math.min(worst, (high + 0.05) / (low + 0.05));
        }
        return worst;
        """
    )
    assert worst >= 4.5  # WCAG 2.1, AA
