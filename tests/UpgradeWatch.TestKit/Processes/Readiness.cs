namespace UpgradeWatch.TestKit.Processes;

/// <summary>Waits for a server that has no other way to say that it is ready.</summary>
public static class Readiness
{
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(50);
    private static readonly HttpClient Client = new() { Timeout = TimeSpan.FromSeconds(5) };

    /// <summary>Waits until a GET succeeds.</summary>
    /// <param name="url">What is asked.</param>
    /// <param name="givenUp">An exception when waiting has become useless, else null.</param>
    /// <param name="details">What is put into the message of a time-out.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public static Task WaitAsync(Uri url, Func<Exception?> givenUp, Func<string> details, CancellationToken cancellationToken) =>
        UntilAsync(() => SucceedsAsync(url, cancellationToken), givenUp, () => $"{url} did not become ready.\n{details()}", cancellationToken);

    /// <summary>Asks again and again until the answer is yes.</summary>
    /// <exception cref="TimeoutException">It was not within <see cref="TestProcess.Patience"/>.</exception>
    public static async Task UntilAsync(
        Func<Task<bool>> isSo, Func<Exception?> givenUp, Func<string> details, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await isSo())
        {
            if (givenUp() is { } reason)
            {
                throw reason;
            }

            if (TimeProvider.System.GetElapsedTime(started) > TestProcess.Patience)
            {
                throw new TimeoutException(details());
            }

            await Task.Delay(BetweenTries, TimeProvider.System, cancellationToken);
        }
    }

    private static async Task<bool> SucceedsAsync(Uri url, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await Client.GetAsync(url, cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
