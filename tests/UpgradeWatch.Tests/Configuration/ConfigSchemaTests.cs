using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using UpgradeWatch.Configuration;
using UpgradeWatch.Configuration.Reading;

namespace UpgradeWatch.Tests.Configuration;

public class ConfigSchemaTests
{
    private static readonly JsonObject Schema = JsonNode.Parse(ConfigSchema.Print())!.AsObject();

    public static TheoryData<string> Examples
    {
        get
        {
            var data = new TheoryData<string>
            {
                "prometheus: { url: http://prometheus:9090 }\ngrafana: { url: http://grafana:3000 }\ntargets:\n  - name: checkout\n    profile: aspnetcore\n    labels: { namespace: shop, job: checkout }\n",
                "targets: [ { name: a, scrape: { url: http://a/metrics }, slis: [ { name: x, errors: e, total: t, tolerance: { relative: 0.1 } } ], evaluation: { stepSeconds: 0.5, baselineSeconds: 30 } } ]\nchecklist: { enforce: true, items: [ { id: dry-run, remove: true }, { id: call, phase: upgrading, required: true } ] }\n",
                "evaluation:\ninstance: { labels: { cluster: eu } }\nstorage: { path: x.db, retentionDays: 30 }\n",
                "storage: { postgres: Host=db;Username=uw;Search Path=eu }\n",
                "storage: { postgres: { connectionString: 'Host=db;Database=uw;SSL Mode=VerifyFull', passwordFile: /etc/upgradewatch/password } }\n",
            };
            var readme = Path.Combine(Root(), "README.md");
            var text = File.Exists(readme) ? File.ReadAllText(readme) : "";
            foreach (Match block in Regex.Matches(text, "```yaml\n(.*?)```", RegexOptions.Singleline))
            {
                if (block.Groups[1].Value.Contains("targets:", StringComparison.Ordinal)) data.Add(block.Groups[1].Value);
            }

            return data;
        }
    }

    [Fact]
    public void The_schema_in_the_repository_is_the_one_that_is_printed() =>
        Assert.Equal(ConfigSchema.Print(), File.ReadAllText(Path.Combine(Root(), "src/UpgradeWatch/Configuration/upgradewatch.schema.json")));

    [Theory]
    [MemberData(nameof(Examples))]
    public void Good_examples_fit_the_schema_and_the_loader(string yaml)
    {
        Assert.True(IsValid(yaml));
        Assert.Empty(ConfigLoader.Load(Regex.Replace(yaml, @"(File: *)/etc/upgradewatch/\S+?(?=[\s,}])", "$1/dev/null"), "example.yaml", "", []).Mistakes);
    }

    [Theory]
    [InlineData("prometeus: { url: http://p }")]
    [InlineData("evaluation: { intervalSeconds: 0 }")]
    [InlineData("evaluation: { falseAlarmRate: 0 }")]
    [InlineData("targets: [ { profile: grpc } ]")]
    [InlineData("targets: [ { name: A } ]")]
    [InlineData("targets: [ { name: a, profile: nope } ]")]
    [InlineData("targets: [ { name: a, labels: { a-b: c } } ]")]
    [InlineData("prometheus: { url: ftp://p }")]
    public void An_editor_sees_what_is_wrong(string yaml) => Assert.False(IsValid(yaml));

    [Fact]
    public void Every_key_has_a_sentence_of_its_meaning()
    {
        var missing = new List<string>();
        Visit(Schema, "", missing);
        Assert.Empty(missing);
    }

    private static void Visit(JsonObject schema, string path, List<string> missing)
    {
        if (schema["items"] is JsonObject items) Visit(items, path + "[]", missing);
        foreach (var (key, value) in schema["properties"]?.AsObject() ?? [])
        {
            if (value!["description"]?.GetValue<string>() is not { Length: > 15 } text || !text.EndsWith('.')) missing.Add($"{path}.{key}");
            Visit(value.AsObject(), $"{path}.{key}", missing);
        }
    }

    private static bool IsValid(string yaml) => new SchemaCheck(Schema).Mistakes(Parse(yaml)).Count == 0;

    private static JsonNode? Parse(string yaml) => ToJson(new YamlReader("uw.yaml", new ReadingContext("")).Read(yaml));

    private static JsonNode? ToJson(ConfigNode? node) => node switch
    {
        MapNode map => new JsonObject(map.Entries.Select(entry => KeyValuePair.Create(entry.Key, ToJson(entry.Value)))),
        ListNode list => new JsonArray([.. list.Items.Select(ToJson)]),
        ScalarNode { IsEmpty: false, Plain: true, Text: "true" or "false" } flag => flag.Text == "true",
        ScalarNode { IsEmpty: false, Plain: true } number when double.TryParse(number.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) => value,
        ScalarNode { IsEmpty: false } text => text.Text,
        _ => null,
    };

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../.."));
}
