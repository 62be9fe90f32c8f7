using System.Net;
using Microsoft.Extensions.DependencyInjection;
using UpgradeWatch.Security;
using UpgradeWatch.Tests.Hosting;

namespace UpgradeWatch.Tests.Security;

public sealed class LoginTests
{
    [Fact]
    public async Task A_token_is_exchanged_for_a_cookie_that_no_script_reads_and_no_other_site_sends()
    {
        await using var guarded = await GuardedServer.StartAsync();
        using var browser = NewBrowser(guarded);

        using var answer = await LogInAsync(browser, guarded.Operate);

        Assert.Equal((303, "/"), ((int)answer.StatusCode, answer.Headers.Location!.ToString()));
        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"));
        Assert.Matches("^upgradewatch-session=[A-Za-z0-9_-]{43}; max-age=28800; path=/; samesite=strict; httponly$", cookie);
        Assert.Equal(200, await StatusAsync(browser, HttpMethod.Get, "/api/v1/status"));
        Assert.Equal(201, await StatusAsync(browser, HttpMethod.Post, "/api/v1/upgrades", Json("""{"target":"checkout","toVersion":"2"}""")));
        Assert.Equal(401, await guarded.StatusAsync("GET", "/api/v1/status", null));
    }

    [Fact]
    public async Task A_script_gets_the_cookie_with_json()
    {
        await using var guarded = await GuardedServer.StartAsync();
        using var browser = NewBrowser(guarded);
        Assert.Equal(204, await StatusAsync(browser, HttpMethod.Post, "/login", Json($$"""{"token":"{{guarded.Read}}"}""")));
        Assert.Equal(200, await StatusAsync(browser, HttpMethod.Get, "/api/v1/status"));
        Assert.Equal(403, await StatusAsync(browser, HttpMethod.Post, "/api/v1/upgrades", Json("""{"target":"checkout","toVersion":"2"}""")));
    }

    [Fact]
    public async Task A_session_ends_after_eight_hours_and_with_its_token()
    {
        await using var guarded = await GuardedServer.StartAsync();
        using var browser = NewBrowser(guarded);
        using (await LogInAsync(browser, guarded.Read)) { }
        guarded.Server.Time.Advance(TimeSpan.FromHours(8) - TimeSpan.FromSeconds(1));
        Assert.Equal(200, await StatusAsync(browser, HttpMethod.Get, "/api/v1/status"));
        guarded.Server.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(401, await StatusAsync(browser, HttpMethod.Get, "/api/v1/status"));

        using (await LogInAsync(browser, guarded.Read)) { }
        Assert.Equal(200, await StatusAsync(browser, HttpMethod.Get, "/api/v1/status"));
        guarded.Revoke(guarded.Read);
        Assert.Equal(401, await StatusAsync(browser, HttpMethod.Get, "/api/v1/status"));
    }

    [Fact]
    public async Task Logging_out_by_a_form_needs_what_only_the_page_knows()
    {
        await using var guarded = await GuardedServer.StartAsync();
        using var browser = NewBrowser(guarded);
        using var login = await LogInAsync(browser, guarded.Read);
        var cookie = login.Headers.GetValues("Set-Cookie").Single().Split('=', ';')[1];
        var session = guarded.Server.Services.GetRequiredService<Sessions>().Find(cookie)!;

        Assert.Equal(403, await StatusAsync(browser, HttpMethod.Post, "/logout", Form()));
        Assert.Equal(403, await StatusAsync(browser, HttpMethod.Post, "/logout", Form(("antiforgery", "guess"))));
        Assert.Equal(415, await StatusAsync(browser, HttpMethod.Post, "/logout"));
        Assert.Equal(415, await StatusAsync(browser, HttpMethod.Post, "/api/v1/upgrades", Form(("antiforgery", session.FormToken), ("target", "checkout"))));
        Assert.Equal(200, await StatusAsync(browser, HttpMethod.Get, "/api/v1/status"));
        Assert.Equal(303, await StatusAsync(browser, HttpMethod.Post, "/logout", Form(("antiforgery", session.FormToken))));
        Assert.Equal(401, await guarded.StatusAsync("GET", "/api/v1/status", null, null));
        using var old = await guarded.SendAsync("GET", "/api/v1/status", null, null, ("Cookie", $"upgradewatch-session={cookie}"));
        Assert.Equal(401, (int)old.StatusCode);
    }

    [Theory]
    [InlineData("Origin", "http://evil.example")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task A_page_of_another_site_cannot_use_the_cookie_nor_log_anybody_in(string header, string value)
    {
        await using var guarded = await GuardedServer.StartAsync();
        using var browser = NewBrowser(guarded);
        using (await LogInAsync(browser, guarded.Operate)) { }

        foreach (var (path, content) in new (string, HttpContent)[] { ("/api/v1/upgrades", Json("""{"target":"checkout","toVersion":"2"}""")), ("/login", Form(("token", guarded.Read))), ("/logout", Form()) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
            request.Headers.TryAddWithoutValidation(header, value);
            using var answer = await browser.SendAsync(request);
            Assert.Equal(403, (int)answer.StatusCode);
        }
    }

    [Fact]
    public async Task A_wrong_token_gives_no_cookie_and_guessing_is_slowed_down()
    {
        await using var guarded = await GuardedServer.StartAsync(auth => auth with { RefusalsPerMinute = 2 });
        using var browser = NewBrowser(guarded);
        using var wrong = await LogInAsync(browser, BearerToken.New());
        Assert.Equal((401, false), ((int)wrong.StatusCode, wrong.Headers.Contains("Set-Cookie")));
        using var empty = await LogInAsync(browser, "");
        Assert.Equal(401, (int)empty.StatusCode);
        using var third = await LogInAsync(browser, BearerToken.New());
        Assert.Equal(429, (int)third.StatusCode);
        Assert.NotNull(third.Headers.RetryAfter);
        Assert.Equal(413, await StatusAsync(browser, HttpMethod.Post, "/login", Form(("token", new string('x', 70_000)))));
    }

    [Fact]
    public async Task One_token_keeps_at_most_twenty_browsers_logged_in()
    {
        await using var guarded = await GuardedServer.StartAsync();
        using var first = NewBrowser(guarded);
        using (await LogInAsync(first, guarded.Read)) { }
        using var other = NewBrowser(guarded);
        using (await LogInAsync(other, guarded.Admin)) { }
        for (var i = 0; i < 20; i++)
        {
            guarded.Server.Time.Advance(TimeSpan.FromSeconds(1));
            using var next = NewBrowser(guarded);
            using (await LogInAsync(next, guarded.Read)) { }
        }

        Assert.Equal(401, await StatusAsync(first, HttpMethod.Get, "/api/v1/status"));
        Assert.Equal(200, await StatusAsync(other, HttpMethod.Get, "/api/v1/status"));
    }

    [Fact]
    public async Task Where_no_token_is_asked_for_there_is_nothing_to_log_in_to()
    {
        await using var server = await RunningServer.StartAsync();
        using var answer = await server.PostAsync("/login", """{"token":"x"}""");
        Assert.Equal(404, (int)answer.StatusCode);
    }

    private static HttpClient NewBrowser(GuardedServer guarded) =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = guarded.Server.Api.BaseAddress };

    private static Task<HttpResponseMessage> LogInAsync(HttpClient browser, string token) => browser.PostAsync("/login", Form(("token", token)));

    private static async Task<int> StatusAsync(HttpClient browser, HttpMethod method, string path, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        using var answer = await browser.SendAsync(request);
        return (int)answer.StatusCode;
    }

    private static FormUrlEncodedContent Form(params (string Name, string Value)[] fields) =>
        new(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));

    private static StringContent Json(string json) => new(json, System.Text.Encoding.UTF8, "application/json");
}
