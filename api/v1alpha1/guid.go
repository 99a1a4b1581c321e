package v1alpha1

import (
	"encoding/json"
	"fmt"
	"strings"
)

// GUID is an ID in Entra. It is accepted in any case, and kept and compared in small letters: decoding an object puts it into them.
// +kubebuilder:validation:MaxLength=36
// +kubebuilder:validation:Pattern=`^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$`
type GUID string

// UnmarshalJSON reads a GUID into small letters.
func (g *GUID) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return fmt.Errorf("a GUID: %w", err)
	}
	*g = GUID(strings.ToLower(text))
	return nil
}
