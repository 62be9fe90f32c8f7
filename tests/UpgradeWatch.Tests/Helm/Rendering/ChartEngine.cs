using System.Text.Json.Nodes;
using UpgradeWatch.TestKit.Processes;

namespace UpgradeWatch.Tests.Helm.Rendering;

/// <summary>
/// Renders charts: by our own program with Helm's building blocks, which is built once for all tests, and by helm itself
/// where that is on the PATH.
/// </summary>
public sealed class ChartEngine : IAsyncLifetime
{
    public const string Own = "renderer";
    public const string Helm = "helm";

    private readonly TempFolder _folder = new();
    private readonly Dictionary<(string, string, Release), RenderedChart> _rendered = [];

    /// <summary>What a chart is rendered as.</summary>
    public sealed record Release(string Name = "watch", string Namespace = "monitoring", string KubeVersion = "1.31.0");

    /// <summary>The engines there are.</summary>
    public static IReadOnlyList<string> All { get; } = Finds(Helm) ? [Own, Helm] : [Own];

    private string Program => _folder.File("render");

    public Task InitializeAsync() => GoProgram.BuildAsync(ChartPaths.Renderer, Program);

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>Renders a set of values; one for a sidecar with the application's chart around it.</summary>
    public async Task<RenderedChart> RenderSetAsync(string engine, string set, Release? release = null)
    {
        var key = (engine, set, release ?? new Release());
        if (_rendered.TryGetValue(key, out var known)) return known;
        return _rendered[key] = await (ChartPaths.IsSidecar(set)
            ? RenderShopAsync(engine, ChartPaths.Values(set), key.Item3)
            : RenderAsync(engine, ChartPaths.Values(set), key.Item3));
    }

    /// <summary>Renders the chart.</summary>
    /// <exception cref="ChartRefusedException">It was refused.</exception>
    public Task<RenderedChart> RenderAsync(string engine, string values, Release? release = null, string? chart = null) =>
        RunAsync(engine, chart ?? ChartPaths.Chart, values, release ?? new Release());

    /// <summary>Renders the chart of the application, with ours below it.</summary>
    public async Task<RenderedChart> RenderShopAsync(string engine, string values, Release? release = null)
    {
        var shop = _folder.File($"shop-{Guid.NewGuid():N}");
        Copy(ChartPaths.Shop, shop);
        Copy(ChartPaths.Chart, Path.Combine(shop, "charts/upgradewatch"));
        var nested = "upgradewatch:\n" + string.Concat(values.Split('\n').Select(line => $"  {line}\n"));
        return await RunAsync(engine, shop, nested, release ?? new Release());
    }

    /// <summary>A copy of the chart that a test may spoil.</summary>
    public string CopyChart()
    {
        var copy = _folder.File($"chart-{Guid.NewGuid():N}/upgradewatch");
        Copy(ChartPaths.Chart, copy);
        return copy;
    }

    private async Task<RenderedChart> RunAsync(string engine, string chart, string values, Release release)
    {
        var file = _folder.Write($"{Guid.NewGuid():N}.yaml", values);
        if (engine == Own)
            return Read(await RunAsync(Program, ["--chart", chart, "--release", release.Name, "--namespace", release.Namespace, "--kube-version", release.KubeVersion, "--values", file]));
        var manifests = await RunAsync(Helm, ["template", release.Name, chart, "--namespace", release.Namespace, "--kube-version", release.KubeVersion, "--values", file]);
        return Read(await RunAsync("sh", ["-c", "exec \"$0\" --parse < \"$1\"", Program, _folder.Write($"{Guid.NewGuid():N}.manifests", manifests)])) with { Values = null };
    }

    private static async Task<string> RunAsync(string program, IEnumerable<string> arguments)
    {
        var (exitCode, standardOutput, output) = await TestProcess.RunAsync(program, arguments);
        return exitCode == 0 ? standardOutput : throw new ChartRefusedException(output);
    }

    private static RenderedChart Read(string json)
    {
        var read = JsonNode.Parse(json)!;
        var objects = (read["manifests"]?.AsArray() ?? []).SelectMany(file => file!["objects"]!.AsArray()).Select(one => one!.AsObject());
        return new RenderedChart([.. objects], (string)read["notes"]!, read["values"]?.AsObject());
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private static bool Finds(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, program)));
}
