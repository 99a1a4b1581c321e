// Package application is what an AppRegistration's spec says of its application in Entra, compared with what Entra has: one file a facet,
// all of it pure. Difference is the comparison; the gate judges its entries, and the steps write its patch.
package application
