package entra

import "context"

// Receipt is what a write leaves behind for those who look into it later.
type Receipt struct {
	// RequestID is Graph's request-id of the last write that was made with the context; empty where none was.
	RequestID string
}

type receiptKey struct{}

// WithReceipt gives a context in which writes fill in the receipt. One receipt is for one goroutine.
func WithReceipt(ctx context.Context) (context.Context, *Receipt) {
	receipt := &Receipt{}
	return context.WithValue(ctx, receiptKey{}, receipt), receipt
}

// Acknowledge notes a write's request-id in the context's receipt, where it has one.
func Acknowledge(ctx context.Context, requestID string) {
	if receipt, has := ctx.Value(receiptKey{}).(*Receipt); has && requestID != "" {
		receipt.RequestID = requestID
	}
}
