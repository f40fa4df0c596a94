"""What is no widget, in a guest's page: a figure, a table, a rich object, and an object that anywidget shows."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.conftest import Visit
from tests.support.hosts import Host

_OBJECTS = """
import dataclasses
import matplotlib.pyplot as plt, pandas as pd
from anywidget.experimental import dataclass
from IPython.display import HTML

fig, ax = plt.subplots(figsize=(5, 3))
ax.plot([1, 3, 2])
df = pd.DataFrame({"city": ["Ulm", "Bern", None], "sold": [3, 1, 2], "share": [0.5, None, 0.25]})
page = HTML("<b id='mark'>static</b><script>document.getElementById('mark').textContent = 'alive'</script>")

@dataclass(esm='''
export default { render({ model, el }) {
  const input = document.createElement("input");
  Object.assign(input, { type: "range", min: 0, max: 10, ariaLabel: "heat", value: model.get("heat") });
  input.addEventListener("input", () => { model.set("heat", Number(input.value)); model.save_changes(); });
  model.on("change:heat", () => { input.value = model.get("heat"); });
  el.append(input);
} };
''')
class Oven:
    heat: int = 2

oven = Oven()
room.share(fig, df, page, oven)
"""


def test_a_guest_sees_what_is_no_widget_follow_its_notebook_and_drives_what_it_allows(host: Host, visit: Visit) -> None:
    host.run(_OBJECTS)
    ann = visit("Ann")

    picture = ann.widgets.get_by_role("img", name="Figure")
    expect(picture).to_have_js_property("naturalWidth", 1000)
    expect(ann.widgets.get_by_text("alive")).to_be_visible()
    ann.sees_value("heat", 2)
    ann.drag("heat", 9)
    host.kernel.sees("oven.heat", 9)

    host.run("ax.set_title('Growth'); df.loc[0, 'sold'] = 30; oven.heat = 4")

    expect(ann.widgets.get_by_role("img", name="Figure: Growth")).to_be_visible()
    expect(ann.widgets.get_by_role("row", name="0 Ulm 30")).to_be_visible()
    ann.sees_value("heat", 4)


def test_each_viewer_sorts_a_table_with_the_keyboard_for_themselves(host: Host, visit: Visit) -> None:
    host.run("import pandas as pd; df = pd.DataFrame({'city': ['Ulm', 'Bern'], 'sold': [3, 1]}); room.share(df)")
    ann, bob = visit("Ann"), visit("Bob")
    first = "tbody tr:first-child td:nth-child(3)"
    expect(bob.widgets.locator(first)).to_have_text("3")

    header = ann.widgets.get_by_role("columnheader", name="sold")
    header.get_by_role("button").press("Enter")

    expect(header).to_have_attribute("aria-sort", "ascending")
    expect(ann.widgets.locator(first)).to_have_text("1")
    expect(bob.widgets.locator(first)).to_have_text("3")


def test_on_a_phone_everything_fits_and_a_wide_table_scrolls_inside_itself(host: Host, visit: Visit) -> None:
    host.run(_OBJECTS + "room.share(pd.DataFrame([range(60)] * 400), name='wide')")

    ann = visit("Ann", viewport={"width": 360, "height": 740}, color_scheme="dark")

    expect(ann.widgets.get_by_text("400 rows × 50 of 60 columns")).to_be_visible()
    assert not ann.overflows()
    frame = ann.widgets.locator("html")
    assert frame.evaluate("html => html.scrollWidth <= html.clientWidth")
    assert ann.widgets.locator(".cw-table-scroll").last.evaluate("table => table.scrollWidth > table.clientWidth")
