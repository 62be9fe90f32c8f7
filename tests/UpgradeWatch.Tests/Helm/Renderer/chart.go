package main

import (
	"encoding/base64"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/Masterminds/sprig"
	"sigs.k8s.io/yaml"
)

type metadata struct {
	Name        string   `json:"name"`
	Home        string   `json:"home"`
	Sources     []string `json:"sources"`
	Version     string   `json:"version"`
	Description string   `json:"description"`
	Keywords    []string `json:"keywords"`
	Icon        string   `json:"icon"`
	APIVersion  string   `json:"apiVersion"`
	AppVersion  string   `json:"appVersion"`
	KubeVersion string   `json:"kubeVersion"`
	Type        string   `json:"type"`

	Dependencies []map[string]interface{} `json:"dependencies"`

	IsRoot bool `json:"-"`
}

type chart struct {
	metadata
	templates map[string]string
	files     files
	values    map[string]interface{}
	charts    []*chart
}

// The files of a chart that are no templates, with the methods that Helm gives them.
type files map[string][]byte

func (f files) GetBytes(name string) []byte { return f[name] }

func (f files) Get(name string) string { return string(f[name]) }

func (f files) Glob(pattern string) files {
	found := files{}
	for name, content := range f {
		if ok, _ := path.Match(pattern, name); ok {
			found[name] = content
		}
	}
	return found
}

func (f files) AsConfig() string {
	texts := map[string]string{}
	for name, content := range f {
		texts[path.Base(name)] = string(content)
	}
	return toYaml(texts)
}

func (f files) AsSecrets() string {
	texts := map[string]string{}
	for name, content := range f {
		texts[path.Base(name)] = base64.StdEncoding.EncodeToString(content)
	}
	return toYaml(texts)
}

func (f files) Lines(name string) []string {
	return strings.Split(strings.TrimSuffix(string(f[name]), "\n"), "\n")
}

func load(dir string) (*chart, error) {
	c := &chart{templates: map[string]string{}, files: files{}, values: map[string]interface{}{}}
	charts := filepath.Join(dir, "charts")
	err := filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if name == charts {
				return fs.SkipDir
			}
			return nil
		}
		content, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		return c.take(filepath.ToSlash(strings.TrimPrefix(name, dir+string(filepath.Separator))), content)
	})
	if err != nil {
		return nil, err
	}
	if c.Name == "" || c.APIVersion != "v2" {
		return nil, fmt.Errorf("%s: Chart.yaml is missing, or is not of apiVersion v2", dir)
	}

	below, _ := os.ReadDir(charts)
	for _, entry := range below {
		child, err := load(filepath.Join(charts, entry.Name()))
		if err != nil {
			return nil, err
		}
		c.charts = append(c.charts, child)
	}
	return c, nil
}

func (c *chart) take(name string, content []byte) error {
	switch {
	case name == "Chart.yaml":
		return yaml.UnmarshalStrict(content, &c.metadata)
	case name == "values.yaml":
		return yaml.UnmarshalStrict(content, &c.values)
	case strings.HasPrefix(name, "templates/"):
		c.templates[name] = string(content)
	default:
		c.files[name] = content
	}
	return nil
}

func (c *chart) checkKubeVersion(version string) error {
	if c.KubeVersion == "" {
		return nil
	}
	compare := sprig.TxtFuncMap()["semverCompare"].(func(string, string) (bool, error))
	fits, err := compare(c.KubeVersion, version)
	if err != nil {
		return err
	}
	if !fits {
		return fmt.Errorf("chart requires kubeVersion: %s which is incompatible with Kubernetes %s", c.KubeVersion, version)
	}
	return nil
}

// One file of values over another: the later one's null stays, to take away a default of the chart.
func mergeFiles(below, above map[string]interface{}) map[string]interface{} {
	merged := map[string]interface{}{}
	for key, value := range below {
		merged[key] = value
	}
	for key, value := range above {
		upper, isMap := value.(map[string]interface{})
		if lower, both := merged[key].(map[string]interface{}); isMap && both {
			merged[key] = mergeFiles(lower, upper)
		} else {
			merged[key] = value
		}
	}
	return merged
}

// Values over a chart's defaults: maps are merged, null takes a default away. A chart's own charts have theirs below their
// name, with what is global.
func coalesce(c *chart, above map[string]interface{}) map[string]interface{} {
	values := overDefaults(c.values, above)
	for _, child := range c.charts {
		own, _ := values[child.Name].(map[string]interface{})
		own = mergeFiles(map[string]interface{}{}, own)
		global, _ := values["global"].(map[string]interface{})
		childGlobal, _ := own["global"].(map[string]interface{})
		own["global"] = mergeFiles(childGlobal, global)
		values[child.Name] = coalesce(child, own)
	}
	return values
}

func overDefaults(defaults, above map[string]interface{}) map[string]interface{} {
	merged := map[string]interface{}{}
	for key, value := range defaults {
		if _, set := above[key]; !set {
			merged[key] = value
		}
	}
	for key, value := range above {
		lower, hasDefault := defaults[key].(map[string]interface{})
		upper, isMap := value.(map[string]interface{})
		_, isDefault := defaults[key]
		switch {
		case value == nil && isDefault:
		case hasDefault && isMap:
			merged[key] = overDefaults(lower, upper)
		default:
			merged[key] = value
		}
	}
	return merged
}
