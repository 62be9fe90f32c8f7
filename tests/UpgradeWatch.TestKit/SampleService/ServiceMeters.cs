using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace UpgradeWatch.TestKit.SampleService;

/// <summary>
/// What one start of the service measures: its requests for real, from ASP.NET Core's own meter. Its processor time and
/// memory are worked out from the requests, as the work itself is only waited for: those of the process would be the
/// whole test run's.
/// </summary>
internal sealed class ServiceMeters : IDisposable
{
    public const double ResidentBytes = 120e6;

    private const double CpuSecondsPerRequest = 0.002;
    private const double IdleCpuShare = 0.005;

    private readonly RequestDurations _durations = new();
    private readonly MeterListener _listener = new();
    private readonly TimeProvider _time;
    private readonly DateTimeOffset _startedAt;
    private readonly string _version;
    private long _requests;

    /// <summary>Measures the server whose meters come from the factory.</summary>
    public ServiceMeters(IMeterFactory factory, string version, TimeProvider time)
    {
        _version = version;
        _time = time;
        _startedAt = time.GetUtcNow();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            // Other servers of the same test process have a factory of their own.
            if (instrument.Name == "http.server.request.duration" && ReferenceEquals(instrument.Meter.Scope, factory))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((_, seconds, tags, _) =>
        {
            Interlocked.Increment(ref _requests);
            _durations.Record(seconds, tags);
        });
        _listener.Start();
    }

    /// <summary>Processor time used since the start.</summary>
    public static double CpuSeconds(TimeSpan uptime, long requests) =>
        (IdleCpuShare * uptime.TotalSeconds) + (CpuSecondsPerRequest * requests);

    /// <summary>The text exposition.</summary>
    public string Expose(Faults faults)
    {
        var text = new StringBuilder();
        _durations.WriteTo(text, faults.RenamedMetrics ? "web_" : "");
        var cpu = CpuSeconds(_time.GetUtcNow() - _startedAt, Interlocked.Read(ref _requests));
        text.Append(CultureInfo.InvariantCulture, $"""
            # HELP process_start_time_seconds Start time of the process since unix epoch in seconds.
            # TYPE process_start_time_seconds gauge
            process_start_time_seconds {_startedAt.ToUnixTimeMilliseconds() / 1000.0:0.000}
            # HELP process_cpu_seconds_total Total user and system CPU time spent in seconds.
            # TYPE process_cpu_seconds_total counter
            process_cpu_seconds_total {cpu:0.######}
            # HELP process_resident_memory_bytes Resident memory size in bytes.
            # TYPE process_resident_memory_bytes gauge
            process_resident_memory_bytes {ResidentBytes:0}
            # HELP build_info The running version.
            # TYPE build_info gauge
            build_info{"{"}version="{_version}"{"}"} 1

            """);
        return text.ToString();
    }

    public void Dispose() => _listener.Dispose();
}
