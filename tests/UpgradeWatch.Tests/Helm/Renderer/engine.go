package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"sort"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig"
	"sigs.k8s.io/yaml"
)

type release struct {
	Name      string
	Namespace string
}

type kubeVersion struct {
	Version string
	Major   string
	Minor   string
}

func (k kubeVersion) String() string     { return k.Version }
func (k kubeVersion) GitVersion() string { return k.Version }

type versionSet []string

func (v versionSet) Has(name string) bool {
	for _, one := range v {
		if one == name {
			return true
		}
	}
	return false
}

type capabilities struct {
	KubeVersion kubeVersion
	APIVersions versionSet
	HelmVersion map[string]string
}

type renderedFile struct {
	path string
	text string
}

type source struct {
	name  string
	text  string
	scope map[string]interface{}
	base  string
}

func capabilitiesOf(version string) (capabilities, error) {
	parts := strings.SplitN(strings.TrimPrefix(version, "v"), ".", 3)
	if len(parts) != 3 {
		return capabilities{}, fmt.Errorf("%s is no version such as 1.31.0", version)
	}
	return capabilities{
		KubeVersion: kubeVersion{"v" + strings.Join(parts, "."), parts[0], parts[1]},
		APIVersions: versionSet{"v1", "apps/v1"},
		HelmVersion: map[string]string{"Version": "v3.16.0"},
	}, nil
}

// All templates of a chart and its charts share their definitions, as with Helm. The notes are the root's alone.
func render(c *chart, rel release, caps capabilities, values map[string]interface{}) ([]renderedFile, string, error) {
	top := map[string]interface{}{
		"Release": map[string]interface{}{
			"Name": rel.Name, "Namespace": rel.Namespace, "Service": "Helm", "Revision": 1, "IsInstall": true, "IsUpgrade": false,
		},
		"Capabilities": caps,
	}
	c.IsRoot = true
	var sources []source
	if _, err := collect(c, c.Name, top, values, caps.KubeVersion.Version, &sources); err != nil {
		return nil, "", err
	}
	sort.Slice(sources, func(i, j int) bool { return sources[i].name < sources[j].name })

	root := template.New("gotpl").Option("missingkey=zero")
	root.Funcs(functions(root))
	for _, one := range sources {
		if _, err := root.New(one.name).Parse(one.text); err != nil {
			return nil, "", fmt.Errorf("parse error at %w", err)
		}
	}

	var out []renderedFile
	notes := ""
	for _, one := range sources {
		if strings.HasPrefix(path.Base(one.name), "_") {
			continue
		}
		one.scope["Template"] = map[string]interface{}{"Name": one.name, "BasePath": one.base}
		text, err := execute(root, one.name, one.scope)
		if err != nil {
			return nil, "", err
		}
		switch {
		case one.name == c.Name+"/templates/NOTES.txt":
			notes = text
		case path.Base(one.name) != "NOTES.txt":
			out = append(out, renderedFile{one.name, text})
		}
	}
	return out, notes, nil
}

func collect(c *chart, full string, above, values map[string]interface{}, kube string, into *[]source) (map[string]interface{}, error) {
	if err := c.checkKubeVersion(kube); err != nil {
		return nil, err
	}
	children := map[string]interface{}{}
	scope := map[string]interface{}{
		"Chart": c.metadata, "Files": c.files, "Release": above["Release"], "Capabilities": above["Capabilities"],
		"Values": values, "Subcharts": children,
	}
	for _, child := range c.charts {
		own, _ := values[child.Name].(map[string]interface{})
		childScope, err := collect(child, full+"/charts/"+child.Name, scope, own, kube, into)
		if err != nil {
			return nil, err
		}
		children[child.Name] = childScope
	}
	for name, text := range c.templates {
		*into = append(*into, source{full + "/" + name, text, scope, full + "/templates"})
	}
	return scope, nil
}

func execute(t *template.Template, name string, scope interface{}) (string, error) {
	var text strings.Builder
	if err := t.ExecuteTemplate(&text, name, scope); err != nil {
		return "", err
	}
	return strings.ReplaceAll(text.String(), "<no value>", ""), nil
}

// Sprig's functions but for those that read the environment, and Helm's own.
func functions(root *template.Template) template.FuncMap {
	all := sprig.TxtFuncMap()
	delete(all, "env")
	delete(all, "expandenv")
	all["include"] = func(name string, scope interface{}) (string, error) { return execute(root, name, scope) }
	all["tpl"] = func(text string, scope interface{}) (string, error) {
		clone, err := root.Clone()
		if err != nil {
			return "", err
		}
		if _, err := clone.New("tpl").Parse(text); err != nil {
			return "", err
		}
		return execute(clone, "tpl", scope)
	}
	all["required"] = func(message string, value interface{}) (interface{}, error) {
		if value == nil || value == "" {
			return value, errors.New(message)
		}
		return value, nil
	}
	all["fail"] = func(message string) (string, error) { return "", errors.New(message) }
	all["lookup"] = func(string, string, string, string) (map[string]interface{}, error) {
		return map[string]interface{}{}, nil
	}
	all["toYaml"] = toYaml
	all["toJson"] = func(value interface{}) string { text, _ := json.Marshal(value); return string(text) }
	all["fromYaml"] = func(text string) map[string]interface{} { return decode(text, yamlUnmarshal) }
	all["fromJson"] = func(text string) map[string]interface{} { return decode(text, json.Unmarshal) }
	all["fromYamlArray"] = func(text string) []interface{} { return decodeArray(text, yamlUnmarshal) }
	all["fromJsonArray"] = func(text string) []interface{} { return decodeArray(text, json.Unmarshal) }
	return all
}

func yamlUnmarshal(text []byte, into interface{}) error { return yaml.Unmarshal(text, into) }

func toYaml(value interface{}) string {
	text, err := yaml.Marshal(value)
	if err != nil {
		return ""
	}
	return strings.TrimSuffix(string(text), "\n")
}

func decode(text string, unmarshal func([]byte, interface{}) error) map[string]interface{} {
	value := map[string]interface{}{}
	if err := unmarshal([]byte(text), &value); err != nil {
		value["Error"] = err.Error()
	}
	return value
}

func decodeArray(text string, unmarshal func([]byte, interface{}) error) []interface{} {
	var value []interface{}
	if err := unmarshal([]byte(text), &value); err != nil {
		value = []interface{}{err.Error()}
	}
	return value
}
