using CsCheck;
using UpgradeWatch.Configuration;

namespace UpgradeWatch.Tests.Configuration;

public class BadConfigurationTests
{
    public static TheoryData<string, string> Cases
    {
        get
        {
            using var stream = typeof(BadConfigurationTests).Assembly.GetManifestResourceStream("UpgradeWatch.Tests.Configuration.bad-configurations.txt")!;
            using var reader = new StreamReader(stream);
            var data = new TheoryData<string, string>();
            foreach (var part in reader.ReadToEnd().Split("\n## ").Skip(1))
            {
                var newline = part.IndexOf('\n', StringComparison.Ordinal);
                data.Add(part[..newline], part[(newline + 1)..]);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_mistake_is_told_with_its_place_and_what_would_be_right(string name, string written)
    {
        var lines = written.TrimEnd('\n').Split('\n');
        var yaml = string.Concat(lines.Where(line => !line.StartsWith("=> ", StringComparison.Ordinal) && !line.StartsWith('@')).Select(line => line + "\n"));
        var environment = lines.Where(line => line.StartsWith('@')).Select(line => line[1..].Split('=', 2)).Select(pair => KeyValuePair.Create(pair[0], pair[1]));
        var expected = lines.Where(line => line.StartsWith("=> ", StringComparison.Ordinal)).Select(line => line[3..]);

        var result = ConfigLoader.Load(yaml, "uw.yaml", "", environment);

        Assert.Equal(expected, result.Mistakes.Select(mistake => mistake.ToString()));
        Assert.True(result.Options is null, name);
    }

    [Fact]
    public void The_table_has_at_least_forty_configurations() => Assert.True(Cases.Count >= 40);

    [Fact]
    public void A_secret_in_an_address_or_a_header_is_not_told()
    {
        var result = ConfigLoader.Load(
            "prometheus: { url: \"http://me:hunter2@p\", headers: { X-Key: \"hunter2\\n\" } }\n", "uw.yaml", "", []);
        Assert.Equal(2, result.Mistakes.Count);
        Assert.DoesNotContain(result.Mistakes, mistake => mistake.ToString().Contains("hunter2", StringComparison.Ordinal));
    }

    [Fact]
    public void Ten_thousand_slis_and_a_label_of_a_mebibyte_are_refused_with_the_limit()
    {
        var slis = string.Join(", ", Enumerable.Range(0, 10_000).Select(i => $"{{ name: s{i}, enabled: false }}"));
        var many = ConfigLoader.Load($"prometheus: {{ url: http://p }}\ntargets: [{{ name: a, slis: [{slis}] }}]\n", "uw.yaml", "", []);
        var large = ConfigLoader.Load($"prometheus: {{ url: http://p }}\ntargets: [{{ name: a, labels: {{ job: {new string('x', 1_000_000)} }} }}]\n", "uw.yaml", "", []);

        Assert.Contains("at most 100 entries", Only(many), StringComparison.Ordinal);
        Assert.True(Only(large).Length < 1000, "the mistake repeats the value");
        Assert.Contains("write a text of 1 to 2048 characters", Only(large), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_or_too_large_is_a_mistake_and_no_exception()
    {
        Assert.Equal("/nowhere.yaml: the configuration is not there; write the path of a configuration file", Only(ConfigLoader.LoadFile("/nowhere.yaml", [])));
        var large = Path.GetTempFileName();
        try
        {
            File.WriteAllText(large, new string('#', (1 << 20) + 1));
            Assert.Equal($"{large}: the configuration is larger than 1 MiB; write a smaller file", Only(ConfigLoader.LoadFile(large, [])));
        }
        finally
        {
            File.Delete(large);
        }
    }

    [Fact]
    public void Deep_nesting_is_refused()
    {
        var result = ConfigLoader.Load(new string('[', 100_000), "uw.yaml", "", []);
        Assert.Contains("deeper than 40 levels", Only(result), StringComparison.Ordinal);
    }

    /// <summary>Whatever is typed, there is an answer: a configuration or at least one mistake.</summary>
    [Fact]
    public void No_text_brings_it_down()
    {
        const string good = """
            prometheus: { url: http://p, headers: { X-Scope-OrgID: a } }
            evaluation: &fast { stepSeconds: 0.5, baselineSeconds: 60 }
            targets:
              - name: checkout
                profile: custom
                labels: { job: "a b", pod: 'x' }
                slis:
                  - { name: q, query: "sum(up)", tolerance: { relative: 0.1 } }
                evaluation: { observationSeconds: 25 }
            """;
        const string letters = "{}[]:,-#&*!|>'\"%@`\n\t ?~0aé\0\u2028";
        var change = Gen.Select(Gen.Int[0, good.Length - 1], Gen.Int[0, letters.Length], Gen.Int[0, 3]);
        change.Array[1, 6].Sample(changes =>
        {
            var text = changes.Aggregate(good, (text, change) =>
            {
                var (at, letter, removed) = (Math.Min(change.Item1, text.Length), change.Item2, change.Item3);
                return text.Remove(at, Math.Min(removed, text.Length - at)).Insert(at, letter < letters.Length ? letters[letter].ToString() : "");
            });
            var result = ConfigLoader.Load(text, "uw.yaml", "", []);
            return (result.Options is null) == (result.Mistakes.Count > 0);
        }, iter: 2000, seed: "0000KOIPe036");
    }

    private static string Only(ConfigResult result) => Assert.Single(result.Mistakes).ToString();
}
