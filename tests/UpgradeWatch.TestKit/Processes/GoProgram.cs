namespace UpgradeWatch.TestKit.Processes;

/// <summary>Builds a program of the tests that is written in Go, from what Debian's packages have.</summary>
public static class GoProgram
{
    /// <summary>Builds it, without the network.</summary>
    /// <param name="source">The folder with its source.</param>
    /// <param name="program">Where it is put; the cache of the build lies beside it.</param>
    /// <exception cref="InvalidOperationException">It cannot be built; the message has the compiler's output.</exception>
    public static async Task BuildAsync(string source, string program)
    {
        var environment = new Dictionary<string, string?>
        {
            ["GOPATH"] = "/usr/share/gocode",
            ["GO111MODULE"] = "off",
            ["GOFLAGS"] = "",
            ["GOTOOLCHAIN"] = "local",
            ["GOCACHE"] = $"{program}-cache",
            ["GOENV"] = "off",
        };
        var (exitCode, _, output) = await TestProcess.RunAsync("go", ["build", "-o", program, "."], source, environment);
        if (exitCode != 0) throw new InvalidOperationException($"{source} was not built:\n{output}");
    }
}
