using System.Globalization;
using System.Text.Json;
using UpgradeWatch.TestKit.Processes;

namespace UpgradeWatch.TestKit.Prometheus;

/// <summary>
/// Asks a Prometheus for a test, independent of the client under test, so that both can be compared.
/// </summary>
public sealed class PrometheusQuery(Func<Uri> url) : IDisposable
{
    private readonly HttpClient _client = new();

    /// <summary>The one number that an expression gives, or null when it gives no series.</summary>
    /// <exception cref="InvalidOperationException">It gives more than one series, or Prometheus refuses it.</exception>
    public async Task<double?> ValueAsync(string expression, CancellationToken cancellationToken = default)
    {
        var values = await VectorAsync(expression, cancellationToken);
        return values.Count switch
        {
            0 => null,
            1 => values.Values.Single(),
            _ => throw new InvalidOperationException($"{expression} gives {values.Count} series: {string.Join(", ", values.Keys)}"),
        };
    }

    /// <summary>The instant vector that an expression gives now: labels (as JSON) and value.</summary>
    public async Task<IReadOnlyDictionary<string, double>> VectorAsync(string expression, CancellationToken cancellationToken = default)
    {
        var address = new Uri(url(), "/api/v1/query?query=" + Uri.EscapeDataString(expression));
        using var response = await _client.GetAsync(address, cancellationToken);
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"{expression}: {(int)response.StatusCode} {body}");
        }

        using var json = JsonDocument.Parse(body);
        return json.RootElement.GetProperty("data").GetProperty("result").EnumerateArray().ToDictionary(
            series => series.GetProperty("metric").GetRawText(),
            series => Parse(series.GetProperty("value")[1].GetString()!));
    }

    /// <summary>Waits until an expression gives a series.</summary>
    public Task WaitAsync(string expression, CancellationToken cancellationToken = default) => Readiness.UntilAsync(
        async () => (await VectorAsync(expression, cancellationToken)).Count > 0, () => null, () => $"{expression} gives nothing", cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    internal async Task ReloadAsync()
    {
        using var response = await _client.PostAsync(new Uri(url(), "/-/reload"), content: null);
        response.EnsureSuccessStatusCode();
    }

    private static double Parse(string value) => value switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.Parse(value, CultureInfo.InvariantCulture),
    };
}
