import unittest

from cli_case import OK, USAGE, CliCase


class Causes(CliCase):
    def test_lists_every_cause_with_its_family_and_why(self):
        result = self.run_command("causes")
        self.assert_exit(result, OK)
        rows = [line for line in result.stdout.splitlines() if line.startswith("  ")]
        self.assertEqual(len(rows), 46)
        for word in ("recipient\n", "  mailbox_full ", "reputation\n", "  ip_blocklisted "):
            self.assertIn(word, result.stdout)
        self.assertTrue(all(len(row.split(maxsplit=1)[1]) > 10 for row in rows), "each says why")

    def test_tells_of_one_what_to_do_in_both_languages(self):
        english = self.run_command("causes", "mailbox_full")
        chinese = self.run_command("causes", "--lang=zh", "mailbox_full")
        self.assert_exit(english, OK)
        self.assert_exit(chinese, OK)
        for word in ("mailbox_full (recipient)", "must act: ", "retry: ", "1. "):
            self.assertIn(word, english.stdout)
        self.assertIn("处理方: ", chinese.stdout)
        self.assertIn("mailbox_full 邮箱已满 (收件人)", chinese.stdout)
        for word in ("sender", "recipient", "receiver", "later", "yes\n", "no\n"):
            self.assertNotIn(word, chinese.stdout)

    def test_names_each_cause_in_chinese_beside_its_key(self):
        result = self.run_command("causes", "--lang=zh")
        self.assertEqual(self.run_command("causes", env={"LC_ALL": "zh_CN.UTF-8"}).stdout, result.stdout)
        rows = [line for line in result.stdout.splitlines() if line.startswith("  ")]
        self.assertEqual(len(rows), 46)
        self.assertTrue(all("\u4e00" <= letter <= "\u9fff" or letter.isascii() for row in rows for letter in row.split()[1][:1]), rows)
        self.assertIn("reputation 信誉", result.stdout)

    def test_knows_the_causes_of_the_operator(self):
        rules = self.write("own.yaml", "causes:\n  - {name: house_rule, family: policy}\nrules:\n  - id: own\n    cause: house_rule\n"
                                       "    match: our house rule forbids it\n    examples: ['550 5.7.1 Our house rule forbids it']\n")
        result = self.run_command("causes", f"--rules={rules}")
        self.assert_exit(result, OK)
        self.assertIn("house_rule", result.stdout)

    def test_a_slip_of_the_pen_is_told(self):
        self.assert_complains(self.run_command("causes", "mailbx_full"), USAGE, "did you mean `mailbox_full`?")
        self.assert_complains(self.run_command("causes", "weather"), USAGE, "lists them")


if __name__ == "__main__":
    unittest.main()
