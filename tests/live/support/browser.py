"""A headless Chromium, driven by ChromeDriver over plain WebDriver (https://www.w3.org/TR/webdriver2/)."""

import base64
import contextlib
import json
import urllib.request

from .workspace import free_port, listens, wait_until

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # the specification's name for a reference


class Browser:
    """`dark`, `language`, `width`: as the visitor has set them."""

    def __init__(self, workspace, name="browser", language="en", dark=False, width=1280, height=1600):
        self.port = free_port()
        workspace.start(f"chromedriver-{name}", ["chromedriver", f"--port={self.port}"])
        wait_until(lambda: listens(self.port), "chromedriver to listen")
        arguments = ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", f"--window-size={width},{height}",
                     f"--accept-lang={language}", "--hide-scrollbars", f"--user-data-dir={workspace.path}/profile-{name}"]
        capabilities = {"browserName": "chrome", "goog:chromeOptions": {"args": arguments},
                        "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}}
        self.session = "/session/" + self._ask("POST", "/session", {"capabilities": {"alwaysMatch": capabilities}})["sessionId"]
        workspace.at_end(self.close)  # else ChromeDriver goes and leaves Chromium behind
        self.command("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        if dark:
            self.command("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark"}])

    def _ask(self, method, path, body=None):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", method=method,
                                         data=None if body is None else json.dumps(body).encode(),
                                         headers={"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)["value"]

    def command(self, name, **parameters):
        """One of the DevTools protocol."""
        return self._ask("POST", f"{self.session}/goog/cdp/execute", {"cmd": name, "params": parameters})

    def open(self, url):
        self._ask("POST", f"{self.session}/url", {"url": url})

    def run(self, script, *arguments):
        """What the script returns; it may be a promise."""
        return self._ask("POST", f"{self.session}/execute/sync", {"script": script, "args": list(arguments)})

    def text(self, selector):
        return self.run("return document.querySelector(arguments[0])?.innerText ?? ''", selector)

    def wait_for_text(self, selector, words, seconds=15):
        wait_until(lambda: words in self.text(selector), f"{words!r} in {selector}", seconds)

    def element(self, selector):
        return self._ask("POST", f"{self.session}/element", {"using": "css selector", "value": selector})[ELEMENT]

    def click(self, selector):
        self._ask("POST", f"{self.session}/element/{self.element(selector)}/click", {})

    def type(self, selector, text):
        self._ask("POST", f"{self.session}/element/{self.element(selector)}/value", {"text": text})

    def press(self, key):
        keys = [{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]
        self._ask("POST", f"{self.session}/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": keys}]})

    def log(self, kind):
        """What was logged since the last call: "browser" (the console), "performance" (the network, among others)."""
        return self._ask("POST", f"{self.session}/se/log", {"type": kind})

    def requests(self):
        """The addresses that were asked for since the last call."""
        events = [json.loads(entry["message"])["message"] for entry in self.log("performance")]
        return [event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"]

    def picture(self, path, whole=True):
        """A PNG of the page, all of it or what is seen."""
        data = self.command("Page.captureScreenshot", format="png", captureBeyondViewport=whole)["data"]
        path.write_bytes(base64.b64decode(data))

    def close(self):
        with contextlib.suppress(OSError):  # it has died already
            self._ask("DELETE", self.session)
