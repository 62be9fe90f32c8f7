// Evaluates what Argo's tools evaluate, by the libraries that they are made of: conditions by expr, notification templates
// by Go's templates with sprig. Takes one JSON object as its argument and writes one:
//
//	{"condition": "result.gate == 200", "data": {...}} -> {"value": true}
//	{"template": "...", "data": {...}}                 -> {"value": "..."}
package main

import (
	"bytes"
	"encoding/json"
	"os"
	"text/template"

	"github.com/Masterminds/sprig"
	"github.com/antonmedv/expr"
)

type question struct {
	Condition string                 `json:"condition"`
	Template  string                 `json:"template"`
	Data      map[string]interface{} `json:"data"`
}

type answer struct {
	Value interface{} `json:"value"`
	Error string      `json:"error,omitempty"`
}

func main() {
	var asked question
	var given answer
	if err := json.Unmarshal([]byte(os.Args[1]), &asked); err != nil {
		given.Error = err.Error()
	} else if value, err := evaluate(asked); err != nil {
		given.Error = err.Error()
	} else {
		given.Value = value
	}
	_ = json.NewEncoder(os.Stdout).Encode(given)
}

func evaluate(asked question) (interface{}, error) {
	if asked.Condition != "" {
		return expr.Eval(asked.Condition, asked.Data)
	}
	functions := sprig.TxtFuncMap()
	for _, name := range []string{"env", "expandenv", "getHostByName"} {
		delete(functions, name)
	}
	parsed, err := template.New("").Funcs(functions).Parse(asked.Template)
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	err = parsed.Execute(&text, asked.Data)
	return text.String(), err
}
