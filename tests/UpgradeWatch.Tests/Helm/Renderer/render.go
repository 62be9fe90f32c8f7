// Renders a chart as Helm 3 does, with Helm's own building blocks: Go's templates, Sprig and sigs.k8s.io/yaml.
//
//	render --chart DIR --release NAME --namespace NS --kube-version 1.31.0 [--values FILE]...
//	render --parse < manifests.yaml
//
// Prints JSON: the objects of each template, the notes and the values after the merge. What fails is told on standard
// error, with exit code 1.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"

	"sigs.k8s.io/yaml"
)

type manifest struct {
	Path    string            `json:"path"`
	Objects []json.RawMessage `json:"objects"`
}

type result struct {
	Manifests []manifest             `json:"manifests"`
	Notes     string                 `json:"notes"`
	Values    map[string]interface{} `json:"values"`
}

type texts []string

func (t *texts) String() string         { return strings.Join(*t, ",") }
func (t *texts) Set(value string) error { *t = append(*t, value); return nil }

// As Helm's release utilities do.
var separator = regexp.MustCompile(`(?:^|\s*\n)---\s*`)

func main() {
	var values texts
	var rel release
	dir := flag.String("chart", "", "folder of the chart")
	parse := flag.Bool("parse", false, "parse manifests from standard input")
	kube := flag.String("kube-version", "1.31.0", "version of Kubernetes")
	flag.StringVar(&rel.Name, "release", "release", "name of the release")
	flag.StringVar(&rel.Namespace, "namespace", "default", "namespace of the release")
	flag.Var(&values, "values", "file with values")
	flag.Parse()

	if err := run(*dir, *parse, *kube, rel, values); err != nil {
		fmt.Fprintln(os.Stderr, "Error: "+err.Error())
		os.Exit(1)
	}
}

func run(dir string, parse bool, kube string, rel release, files texts) error {
	var out result
	if parse {
		text, err := io.ReadAll(os.Stdin)
		if err != nil {
			return err
		}
		objects, err := split(string(text))
		if err != nil {
			return err
		}
		out.Manifests = []manifest{{Objects: objects}}
		return json.NewEncoder(os.Stdout).Encode(out)
	}

	c, err := load(dir)
	if err != nil {
		return err
	}
	user := map[string]interface{}{}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		layer := map[string]interface{}{}
		if err := yaml.Unmarshal(content, &layer); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		user = mergeFiles(user, layer)
	}

	caps, err := capabilitiesOf(kube)
	if err != nil {
		return err
	}
	out.Values = coalesce(c, user)
	rendered, notes, err := render(c, rel, caps, out.Values)
	if err != nil {
		return err
	}
	out.Notes = notes
	for _, file := range rendered {
		objects, err := split(file.text)
		if err != nil {
			return fmt.Errorf("YAML parse error on %s: %w\n%s", file.path, err, file.text)
		}
		if len(objects) > 0 {
			out.Manifests = append(out.Manifests, manifest{file.path, objects})
		}
	}
	return json.NewEncoder(os.Stdout).Encode(out)
}

// The objects of a text; keys that are there twice are an error.
func split(text string) ([]json.RawMessage, error) {
	var objects []json.RawMessage
	for _, part := range separator.Split(text, -1) {
		object, err := yaml.YAMLToJSONStrict([]byte(part))
		if err != nil {
			return nil, err
		}
		if string(object) != "null" {
			objects = append(objects, object)
		}
	}
	return objects, nil
}
