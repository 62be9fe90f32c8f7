using System.Text.Json.Nodes;
using UpgradeWatch.Cli;
using UpgradeWatch.Configuration;
using UpgradeWatch.TestKit.Processes;
using UpgradeWatch.Tests.Cli;
using UpgradeWatch.Tests.Security;

namespace UpgradeWatch.Tests.Helm.Rendering;

/// <summary>
/// What a container of the chart sees, laid out in a folder: its configuration, and a file for each key of each Secret that
/// is mounted. A path below what is not mounted is not there, as in the pod.
/// </summary>
internal sealed class PodConfiguration : IDisposable
{
    public const string Secrets = "/var/run/secrets/upgradewatch";
    private const string ConfigFolder = "/etc/upgradewatch";

    // Of a Secret that is mounted whole the chart does not know the keys.
    private static readonly Dictionary<string, string[]> Keys = new()
    {
        ["upgradewatch-tls"] = ["tls.crt", "tls.key"],
        ["upgradewatch-db"] = ["password"],
        ["grafana"] = ["token"],
        ["team-a.prometheus"] = ["token"],
        ["upgradewatch-grafana"] = ["token"],
    };

    private readonly TempFolder _folder = new();
    private readonly CertificateFiles _certificate = new();

    private PodConfiguration(JsonObject container) => Container = container;

    /// <summary>The container.</summary>
    public JsonObject Container { get; }

    /// <summary>Its arguments.</summary>
    public string[] Arguments => [.. Container["args"]!.AsArray().Select(word => (string)word!)];

    /// <summary>The text of its configuration, as it is mounted.</summary>
    public string Text { get; private set; } = "";

    /// <summary>Lays out what the server sees.</summary>
    /// <param name="rendered">The chart.</param>
    /// <param name="mounted">The content of a ConfigMap that is not the chart's own.</param>
    public static async Task<PodConfiguration> OfServerAsync(RenderedChart rendered, string mounted)
    {
        var pod = new PodConfiguration(rendered.Server);
        pod._certificate.Write("watch");
        foreach (var mount in pod.Container["volumeMounts"]!.AsArray())
        {
            var volume = rendered.ServerPod.Spec["volumes"]!.AsArray().Single(one => (string)one!["name"]! == (string)mount!["name"]!)!;
            var path = (string)mount!["mountPath"]!;
            if (volume["secret"] is JsonObject secret) await pod.MountAsync(path, secret);
            if (path == ConfigFolder) pod.Text = rendered.Of("ConfigMap").SingleOrDefault(map => (string)map["metadata"]!["name"]! == (string)volume["configMap"]!["name"]!) is { } map ? (string)map["data"]!["upgradewatch.yaml"]! : mounted;
        }

        return pod;
    }

    /// <summary>Reads the configuration as the server does.</summary>
    public ConfigResult Load()
    {
        var environment = (Container["env"]?.AsArray() ?? []).Where(variable => variable!["value"] is not null)
            .Select(variable => KeyValuePair.Create((string)variable!["name"]!, Here((string)variable["value"]!)));
        return ConfigLoader.LoadFile(_folder.Write("upgradewatch.yaml", Here(Text)), environment);
    }

    /// <summary>What the command line parser says to the arguments.</summary>
    public IReadOnlyList<string> ArgumentMistakes()
    {
        using var nowhere = new StringWriter();
        var root = CliApp.CreateRoot(new CliContext { Out = nowhere, Error = nowhere, Time = TimeProvider.System, TerminalWidth = null, Environment = _ => null });
        return [.. root.Parse(Arguments).Errors.Select(error => error.Message)];
    }

    /// <summary>The argument after an option.</summary>
    public string After(string option) => Arguments[Array.IndexOf(Arguments, option) + 1];

    public void Dispose()
    {
        _folder.Dispose();
        _certificate.Dispose();
    }

    private string Here(string text) => text.Replace(Secrets, _folder.File("secrets"), StringComparison.Ordinal);

    private async Task MountAsync(string path, JsonObject secret)
    {
        var files = secret["items"] is JsonArray items
            ? items.Select(item => (string)item!["path"]!)
            : Keys[(string)secret["secretName"]!];
        foreach (var file in files)
        {
            var place = _folder.Write(Path.GetRelativePath(_folder.Path, Path.Combine(Here(path), file)), "secret");
            if (file == "tokens") await MakeTokenAsync(place);
            if (file.StartsWith("tls.", StringComparison.Ordinal)) File.Copy(file == "tls.crt" ? _certificate.CertFile : _certificate.KeyFile, place, overwrite: true);
        }
    }

    private static async Task MakeTokenAsync(string file)
    {
        File.Delete(file);
        var made = await CliRun.OfAsync("token", "new", "--role", "operate", "--name", "ci", "--file", file);
        Assert.Equal(0, made.ExitCode);
    }
}
