package browser

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// tab is the one tab of a browser of nobody's.
type tab struct {
	t   *testing.T
	ctx context.Context
}

// chromium starts a browser that asks nobody anything and trusts one server by its key. It has ended when the test ends.
func chromium(t *testing.T, pin string) tab {
	t.Helper()
	options := slices.Clone(chromedp.DefaultExecAllocatorOptions[:])
	for flag, value := range map[string]any{
		"no-sandbox": true, "disable-gpu": true, "disable-quic": true, "disable-component-update": true, "no-proxy-server": true,
		"ignore-certificate-errors-spki-list": pin,
	} {
		options = append(options, chromedp.Flag(flag, value))
	}
	allocated, free := chromedp.NewExecAllocator(context.WithoutCancel(t.Context()), options...)
	browser, _ := chromedp.NewContext(allocated)
	t.Cleanup(func() {
		defer free()
		limited, stop := context.WithTimeout(browser, 30*time.Second)
		defer stop()
		if err := chromedp.Cancel(limited); err != nil {
			t.Errorf("the browser does not end: %v", err)
		}
	})
	if err := chromedp.Do(browser); err != nil { // a context with a deadline must not be the one that starts it
		t.Fatalf("start Chromium, which make browser installs: %v", err)
	}
	limited, stop := context.WithTimeout(browser, 2*time.Minute)
	t.Cleanup(stop)
	return tab{t: t, ctx: limited}
}

// do performs steps one after the other.
func (b tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatalf("%v\nthe page shows: %s", err, b.text("body"))
	}
}

// text is what an element shows, once it is there.
func (b tab) text(selector chromedp.CSS) string {
	b.t.Helper()
	text, err := chromedp.Run(b.ctx, chromedp.Text(selector))
	if err != nil {
		b.t.Errorf("read %s: %v", selector, err)
	}
	return text
}

// signIn fills in the login page, once it is there.
func (b tab) signIn() {
	b.t.Helper()
	b.do(
		chromedp.SendKeys(chromedp.CSS("#login input[name=login]"), ada),
		chromedp.SendKeys(chromedp.CSS("#login input[name=passwd]"), password),
		chromedp.Click(chromedp.CSS("#login button")),
	)
}
