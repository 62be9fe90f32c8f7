using System.Text.Json.Nodes;
using UpgradeWatch.TestKit.Processes;

namespace UpgradeWatch.Tests.Helm.Rendering;

/// <summary>What renders the chart here does as Helm's documentation says, and as helm itself does where it is there.</summary>
[Collection(ChartTests.Name)]
public sealed class RendererTests(ChartEngine chart) : IDisposable
{
    private readonly TempFolder _folder = new();

    public static TheoryData<string> Engines => [.. ChartEngine.All];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Values_are_merged_key_by_key_and_null_takes_a_default_away(string engine)
    {
        var seen = await SeeAsync(engine, "{{ toJson .Values }}", "map: { one: 1, two: 2, three: { four: [4] } }\nlist: [1, 2]\ntext: a\n", "map: { one: null, three: { five: 5 } }\nlist: [3]\nother: null\n");

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"map":{"two":2,"three":{"four":[4],"five":5}},"list":[3],"text":"a"}"""), Without(seen, "other")), seen);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_value_that_is_not_there_is_empty(string engine) => Assert.Equal("[]", await SeeAsync(engine, "[{{ .Values.nothing }}]", "a: 1", "{}"));

    [Theory]
    [InlineData("{{ include \"x.name\" . }}", "x-r")]
    [InlineData("{{ tpl \"{{ .Release.Name }}\" . }}", "r")]
    [InlineData("{{ tpl \"{{ include \\\"x.name\\\" . }}\" . }}", "x-r")]
    [InlineData("{{ .Release.Service }} {{ .Release.Namespace }} {{ .Release.IsInstall }}", "Helm n true")]
    [InlineData("{{ .Chart.Name }} {{ .Chart.Version }} {{ .Chart.AppVersion }}", "x 1.2.3 4.5")]
    [InlineData("{{ .Capabilities.KubeVersion.Version }} {{ .Capabilities.KubeVersion.Minor }} {{ .Capabilities.APIVersions.Has \"apps/v1\" }}", "v1.31.0 31 true")]
    [InlineData("{{ len (lookup \"v1\" \"Secret\" \"n\" \"s\") }}", "0")]
    [InlineData("{{ (fromYaml \"a: { b: 1 }\").a.b }} {{ index (fromYamlArray \"[5]\") 0 }} {{ (fromJson `{\"c\":2}`).c }}", "1 5 2")]
    [InlineData("{{ toJson (dict \"a\" 1) }}", "{\"a\":1}")]
    [InlineData("{{ .Files.Get \"files/a.txt\" }} {{ len (.Files.Glob \"files/*.txt\") }} {{ .Files.Get \"none\" }}", "A 2 ")]
    [InlineData("{{ (fromYaml (.Files.Glob \"files/*.txt\").AsConfig) | toJson }}", "{\"a.txt\":\"A\",\"b.txt\":\"B\"}")]
    [InlineData("{{ .Template.Name }} {{ .Template.BasePath }}", "x/templates/seen.yaml x/templates")]
    [InlineData("{{ required \"must\" .Values.a }}", "1")]
    public async Task Functions_and_objects_give_what_Helms_do(string template, string expected)
    {
        foreach (var engine in ChartEngine.All) Assert.Equal(expected.Trim(), (await SeeAsync(engine, template, "a: 1", "{}")).Trim());
    }

    [Theory]
    [InlineData("{{ required \"give it\" .Values.nothing }}", "give it")]
    [InlineData("{{ fail \"no good\" }}", "no good")]
    [InlineData("{{ env \"PATH\" }}", "function \"env\" not defined")]
    [InlineData("{{ include \"nowhere\" . }}", "nowhere")]
    [InlineData("{{ .Chart.Nothing }}", "Nothing")]
    public async Task What_Helm_refuses_is_refused(string template, string said)
    {
        foreach (var engine in ChartEngine.All)
        {
            var refused = await Assert.ThrowsAsync<ChartRefusedException>(() => SeeAsync(engine, template, "a: 1", "{}"));
            Assert.Contains(said, refused.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_key_that_is_there_twice_is_refused(string engine)
    {
        var made = Make("unused", "a: 1");
        await File.WriteAllTextAsync(Path.Combine(made, "templates/seen.yaml"), "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  name: b\n");

        await Assert.ThrowsAsync<ChartRefusedException>(() => chart.RenderAsync(engine, "{}", chart: made));
    }

    // The text as the value of a ConfigMap, so that each engine gives it back the same way.
    private async Task<string> SeeAsync(string engine, string template, string defaults, string values)
    {
        var rendered = await chart.RenderAsync(engine, values, new ChartEngine.Release("r", "n"), Make(template, defaults));
        return (string)rendered.One("ConfigMap")["data"]!["seen"]!;
    }

    private string Make(string template, string defaults)
    {
        var name = Guid.NewGuid().ToString("N");
        _folder.Write($"{name}/Chart.yaml", "apiVersion: v2\nname: x\nversion: 1.2.3\nappVersion: \"4.5\"\n");
        _folder.Write($"{name}/values.yaml", defaults);
        _folder.Write($"{name}/files/a.txt", "A");
        _folder.Write($"{name}/files/b.txt", "B");
        _folder.Write($"{name}/templates/_x.tpl", "{{- define \"x.name\" -}}x-{{ .Release.Name }}{{- end }}");
        _folder.Write($"{name}/templates/seen.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: seen\ndata:\n  seen: |-\n    " + template + "\n");
        return _folder.File(name);
    }

    private static JsonObject Without(string json, string key)
    {
        var map = JsonNode.Parse(json)!.AsObject();
        map.Remove(key);
        return map;
    }
}
