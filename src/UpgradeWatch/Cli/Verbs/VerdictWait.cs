using UpgradeWatch.Cli.Client;
using UpgradeWatch.Cli.Output;
using UpgradeWatch.Http.Contracts;

namespace UpgradeWatch.Cli.Verbs;

/// <summary>
/// Asks for a verdict until it is final. A server that goes away meanwhile (it may be upgraded itself) is asked again
/// until the time is up; one that cannot be reached at the beginning ends the wait at once.
/// </summary>
internal sealed class VerdictWait(CliContext context, ApiClient client, string upgradeId)
{
    private static readonly TimeSpan AfterWindow = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(30);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly LiveLine _line = new(context);
    private readonly DateTimeOffset _began = context.Time.GetUtcNow();
    private VerdictDocument? _verdict;
    private DateTimeOffset? _goneSince;

    /// <summary>How long to wait at most; null until the window ends and 20 min more.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Whether a fail that is not final is waited out.</summary>
    public bool ToTheEnd { get; init; }

    /// <summary>Waits; gives the last verdict seen and the exit code.</summary>
    public async Task<(VerdictDocument? Verdict, int ExitCode)> RunAsync(CancellationToken cancellationToken)
    {
        string? tag = null;
        var pause = TimeSpan.FromSeconds(1);
        try
        {
            while (Left() > TimeSpan.Zero)
            {
                // The time may be up in the middle of a long poll.
                using var timeUp = new CancellationTokenSource(Left(), context.Time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(timeUp.Token, cancellationToken);
                try
                {
                    tag = await AskAsync(tag, either.Token);
                    pause = TimeSpan.FromSeconds(1);
                    if (_verdict is { } seen && (seen.Final || (seen.Status == "fail" && !ToTheEnd))) return (seen, ExitCodes.OfStatus(seen.Status));
                    if (tag is null) await Task.Delay(pause, context.Time, either.Token);
                }
                catch (ApiException gone) when (gone.MayPass && _verdict is not null)
                {
                    if (_goneSince is null) _line.Say($"{gone.Message}; trying again");
                    _goneSince ??= context.Time.GetUtcNow();
                    tag = null;
                    await Task.Delay(pause, context.Time, either.Token);
                    pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
                }
                catch (OperationCanceledException) when (timeUp.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
                {
                    break;
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _line.Say("interrupted; the upgrade goes on being watched");
            return (_verdict, ExitCodes.Pending);
        }
        finally
        {
            _line.End();
        }

        context.Say($"timed out: the verdict is not final after {Shown.Duration(context.Time.GetUtcNow() - _began)}");
        return (_verdict, ExitCodes.Pending);
    }

    private async Task<string?> AskAsync(string? tag, CancellationToken cancellationToken)
    {
        var (verdict, next) = await client.VerdictAsync(upgradeId, tag, cancellationToken);
        if (_goneSince is not null) _line.Say("the server answers again");
        _goneSince = null;
        _verdict = verdict ?? _verdict;
        if (_verdict is not null) _line.Show(Describe(_verdict, context.Time.GetUtcNow()), changed: verdict is not null);
        return next;
    }

    /// <summary>Before the window's end is known there is no end of waiting, but for a server that stays away.</summary>
    private TimeSpan Left()
    {
        var end = Timeout is { } timeout ? _began + timeout
            : _verdict?.WindowEndsAt is { } windowEnd ? windowEnd + AfterWindow
            : (_goneSince ?? context.Time.GetUtcNow()) + AfterWindow;
        var left = end - context.Time.GetUtcNow();
        return left < LongestTimer ? left : LongestTimer;
    }

    private static string Describe(VerdictDocument verdict, DateTimeOffset now)
    {
        var watched = verdict is { ObservedFrom: { } from, WindowEndsAt: { } until }
            ? $", {Shown.Duration(Earlier(now, until) - from)} of {Shown.Duration(until - from)}"
            : "";
        return $"{verdict.Target} {verdict.ToVersion}: {verdict.Phase}{watched}: {verdict.Status} ({verdict.Code}). {verdict.Summary}";
    }

    private static DateTimeOffset Earlier(DateTimeOffset left, DateTimeOffset right) => left < right ? left : right;
}
