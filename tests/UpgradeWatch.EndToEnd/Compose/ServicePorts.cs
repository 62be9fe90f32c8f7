using System.Globalization;
using System.Text.RegularExpressions;
using UpgradeWatch.TestKit.Processes;

namespace UpgradeWatch.EndToEnd.Compose;

/// <summary>Which port of the loopback stands for which port of which service.</summary>
/// <param name="services">Names of the services.</param>
internal sealed class ServicePorts(IReadOnlyList<string> services)
{
    private readonly Dictionary<(string Service, int Port), int> _ports = [];
    private readonly Regex _address = new($@"(?<=//|[""'\[ =]|^)(?<host>{string.Join('|', services)}|0\.0\.0\.0|127\.0\.0\.1):(?<port>\d+)\b");

    /// <summary>Where a port of a service is: a free one, always the same, unless it was said.</summary>
    public Uri Url(string service, int port) => new($"http://{Address(service, port)}");

    /// <summary>Says where a port of a service is.</summary>
    public void Set(string service, int port, Uri url) => _ports[(service, port)] = url.Port;

    /// <summary>What is written in a service's files, with addresses of the loopback in place of other services and of its own interfaces.</summary>
    public string Local(string service, string text) => _address.Replace(text, found =>
    {
        var host = found.Groups["host"].Value;
        return Address(services.Contains(host) ? host : service, int.Parse(found.Groups["port"].Value, CultureInfo.InvariantCulture));
    });

    private string Address(string service, int port)
    {
        if (!_ports.TryGetValue((service, port), out var local)) _ports[(service, port)] = local = FreePort.Next();
        return string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{local}");
    }
}
