"""Chromium without a window, over its DevTools pipe: shows a page, and tells every request and every
complaint of it."""

import base64
import itertools
import json
import os
import shutil
import subprocess
import tempfile

LIMIT_SECONDS = 60


class Browser:
    """One headless Chromium; `with Browser() as browser`."""

    def __enter__(self):
        program = shutil.which("chromium") or shutil.which("chromium-browser")
        assert program, "chromium is not installed; `make interop` installs it"
        self.profile = tempfile.mkdtemp()
        # The browser reads orders from descriptor 3 and answers on 4.
        order_end, self.orders = os.pipe()
        self.answers, answer_end = os.pipe()

        def descriptors():
            os.dup2(order_end, 13)
            os.dup2(answer_end, 14)
            os.dup2(13, 3)
            os.dup2(14, 4)

        self.process = subprocess.Popen(
            [
                program, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                "--disable-background-networking", "--disable-component-update", "--no-first-run",
                f"--user-data-dir={self.profile}", "--remote-debugging-pipe", "about:blank",
            ],
            preexec_fn=descriptors, close_fds=False,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(order_end)
        os.close(answer_end)
        self.numbers = itertools.count(1)
        self.buffer = b""
        self.events = []
        return self

    def __exit__(self, *_):
        os.close(self.orders)
        os.close(self.answers)
        self.process.terminate()
        self.process.wait(LIMIT_SECONDS)
        shutil.rmtree(self.profile, ignore_errors=True)

    def _receive(self):
        while b"\0" not in self.buffer:
            piece = os.read(self.answers, 1 << 16)
            assert piece, "chromium ended"
            self.buffer += piece
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, session=None, **parameters):
        number = next(self.numbers)
        order = {"id": number, "method": method, "params": parameters}
        if session:
            order["sessionId"] = session
        data = json.dumps(order).encode() + b"\0"
        while data:
            data = data[os.write(self.orders, data) :]
        while True:
            message = self._receive()
            if message.get("id") == number:
                assert "error" not in message, message
                return message["result"]
            self.events.append(message)

    def show(self, url, width, height, dark=False, mobile=False):
        """Loads the page in a fresh tab."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = Page(self, session, url)
        for domain in ["Page", "Network", "Log", "Runtime", "Security"]:
            page.call(f"{domain}.enable")
        page.call(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=1, mobile=mobile,
        )  # fmt: skip
        theme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        page.call("Emulation.setEmulatedMedia", features=[theme])
        self.events.clear()
        page.call("Page.navigate", url=url)
        page.wait_for("Page.loadEventFired")
        return page


class Page:
    """A loaded page."""

    def __init__(self, browser, session, url):
        self.browser = browser
        self.session = session
        self.url = url

    def call(self, method, **parameters):
        return self.browser.call(method, self.session, **parameters)

    def wait_for(self, event):
        while not any(message.get("method") == event for message in self.browser.events):
            self.browser.events.append(self.browser._receive())

    def value(self, expression):
        """What a JavaScript expression comes to, for looking at the page from outside it."""
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def screenshot(self, path):
        """The whole page, however long."""
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}
        picture = self.call("Page.captureScreenshot", clip=clip, captureBeyondViewport=True)["data"]
        path.write_bytes(base64.b64decode(picture))

    def pdf(self, path):
        path.write_bytes(base64.b64decode(self.call("Page.printToPDF", printBackground=True)["data"]))

    def requests(self):
        """Every address that was asked for, the page's own left out."""
        asked = [
            message["params"]["request"]["url"]
            for message in self.browser.events
            if message.get("method") == "Network.requestWillBeSent"
        ]
        return [url for url in asked if url != self.url]

    def complaints(self):
        """Console messages, errors, and what a security policy stopped."""
        kinds = {"Log.entryAdded", "Runtime.consoleAPICalled", "Runtime.exceptionThrown"}
        return [m for m in self.browser.events if m.get("method") in kinds]
