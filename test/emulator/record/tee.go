package record

import (
	"bytes"
	"io"
	"net/http"
)

const maxBody = 4 << 20 // bytes kept of a body; Graph refuses larger requests

// tee copies what is read or written, up to maxBody.
type tee struct {
	body bytes.Buffer
}

func (t *tee) copy(p []byte) {
	if room := maxBody - t.body.Len(); room > 0 {
		t.body.Write(p[:min(len(p), room)])
	}
}

func (t *tee) bytes() []byte { return t.body.Bytes() }

func (t *tee) reader(of io.ReadCloser) io.ReadCloser { return &teeReader{ReadCloser: of, tee: t} }

type teeReader struct {
	io.ReadCloser

	tee *tee
}

func (r *teeReader) Read(p []byte) (int, error) {
	n, err := r.ReadCloser.Read(p)
	r.tee.copy(p[:n])
	return n, err
}

// responseRecorder is a ResponseWriter that remembers.
type responseRecorder struct {
	http.ResponseWriter
	tee

	status int
}

func (a *responseRecorder) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
	a.ResponseWriter.WriteHeader(status)
}

func (a *responseRecorder) Write(p []byte) (int, error) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	a.copy(p)
	return a.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController reach the connection.
func (a *responseRecorder) Unwrap() http.ResponseWriter { return a.ResponseWriter }
