import json

from checker import CONFIG, CheckerCase, run_with

FOLDER = CONFIG / "grafana"


class Dashboard(CheckerCase):
    def setUp(self):
        self.dashboard = json.loads((FOLDER / "bouncesight.json").read_text())
        self.panels = [panel for panel in self.dashboard["panels"] if panel["type"] != "row"]

    def test_it_is_what_its_tables_say(self):
        self.assert_passes("python3", FOLDER / "make-dashboard", "--check")

    def test_every_panel_has_a_description_a_unit_and_a_query(self):
        for panel in self.panels:
            with self.subTest(panel["title"]):
                self.assertTrue(panel["description"])
                self.assertTrue(panel["fieldConfig"]["defaults"]["unit"])
                self.assertTrue(all(target["expr"] for target in panel["targets"]))

    def test_no_data_source_is_built_in(self):
        for panel in self.panels:
            self.assertEqual({panel["datasource"]["uid"], *(target["datasource"]["uid"] for target in panel["targets"])}, {"${datasource}"})

    def test_panels_have_numbers_of_their_own_and_do_not_overlap(self):
        panels = self.dashboard["panels"]
        self.assertEqual(len({panel["id"] for panel in panels}), len(panels))
        taken = set()
        for panel in panels:
            place = panel["gridPos"]
            self.assertLessEqual(place["x"] + place["w"], 24)
            cells = {(x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"])}
            self.assertFalse(cells & taken, panel["title"])
            taken |= cells

    def test_every_variable_is_used(self):
        text = json.dumps(self.dashboard)
        for variable in self.dashboard["templating"]["list"]:
            self.assertIn("$" + variable["name"] if variable["type"] == "query" else "${datasource}", text)


if __name__ == "__main__":
    run_with("python3", "python3")
