// A module of its own: chromedp and what it brings stay out of the product's go.mod, and `make test` does not need a browser. What is
// tested here runs as programs, so that the two modules share no dependency.
module github.com/entra-registrar/entra-registrar/test/browser

go 1.26.0

require github.com/chromedp/chromedp v0.22.1

require (
	github.com/chromedp/cdproto v0.159.0 // indirect
	github.com/go-json-experiment/json v0.0.0-20260213210345-44df1a37e875 // indirect
)
