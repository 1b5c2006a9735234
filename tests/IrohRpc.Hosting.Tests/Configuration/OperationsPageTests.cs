using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using IrohRpc.Blobs;
using IrohRpc.Extensions.Policies;
using IrohRpc.Gossip;
using IrohRpc.Reach.Lookup;
using IrohRpc.Reach.Lookup.Mdns;
using IrohRpc.Reach.Lookup.Pkarr;
using IrohRpc.Relay;
using IrohRpc.Transports;

namespace IrohRpc.Hosting.Tests;

/// <summary>docs/operations.md names every option with the default that the code has.</summary>
public sealed partial class OperationsPageTests
{
    [Fact]
    public void Every_option_stands_in_the_page_with_its_default()
    {
        AssertTable(new PeerEndpointOptions());
        AssertTable(new ConnectionLimits());
        AssertTable(new ServiceOptions(), "RpcOptions", typeof(RpcOptions));
        AssertTable(new ServiceOptions(), "ServiceOptions", typeof(ServiceOptions));
        AssertTable(new ClientOptions(), "ClientOptions", typeof(ClientOptions));
        AssertTable(new PeerChannelOptions());
        AssertTable(new PeerClientOptions());
        AssertTable(new QuicTransportOptions());
        AssertTable(new DnsAddressLookupOptions());
        AssertTable(new MdnsAddressLookupOptions());
        AssertTable(new PkarrRelayOptions());
        AssertTable(new AuthorizationOptions());
        AssertTable(new RateLimitOptions());
        AssertTable(new LoggingInterceptorOptions());
        AssertTable(new HedgingOptions());
        AssertTable(new RelayOptions());
        AssertTable(new BlobStoreOptions());
        AssertTable(new BlobProviderOptions());
        AssertTable(new BlobDownloadOptions());
        AssertTable(new GossipOptions());
        AssertTable(new SubscriptionOptions());
        AssertTable(new BroadcastOptions());
    }

    /// <summary>What is added later is missed here.</summary>
    [Fact]
    public void Every_type_of_options_stands_in_the_page()
    {
        // Lists have no defaults, and what a test is made with is no matter of operations.
        string[] elsewhere = [nameof(PeerAllowListOptions), nameof(IrohRpc.Testing.TestPeersOptions)];
        string page = Page();
        Type[] types =
        [
            .. Directory.GetFiles(AppContext.BaseDirectory, "IrohRpc*.dll").Where(static file => !file.EndsWith(".Tests.dll", StringComparison.Ordinal))
                .SelectMany(static file => Assembly.Load(Path.GetFileNameWithoutExtension(file)).GetExportedTypes())
                .Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal) && !type.IsEnum && !elsewhere.Contains(type.Name)),
        ];
        Assert.True(types.Length > 15, string.Join(", ", types.Select(static type => type.Name)));
        Assert.All(types, type => Assert.Contains($"# {type.Name}\n", page, StringComparison.Ordinal));
    }

    private static void AssertTable<T>(T options, string? title = null, Type? declaring = null)
        where T : notnull
    {
        title ??= typeof(T).Name;
        declaring ??= typeof(T);
        Dictionary<string, string> rows = Rows(title);
        PropertyInfo[] properties = [.. declaring.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Where(property => property.SetMethod is { IsPublic: true })];
        Assert.Equal(properties.Select(property => property.Name).Order(StringComparer.Ordinal), rows.Keys.Order(StringComparer.Ordinal));
        foreach (PropertyInfo property in properties)
        {
            if (Describe(property.GetValue(options)) is { } expected)
            {
                Assert.Equal($"{title}.{property.Name}: {expected}", $"{title}.{property.Name}: {rows[property.Name]}");
            }
        }
    }

    // Null for what has no short form: objects and lists.
    private static string? Describe(object? value) => value switch
    {
        null => "none",
        int or long or bool or string or Enum => Convert.ToString(value, CultureInfo.InvariantCulture)!.Replace("True", "true", StringComparison.Ordinal).Replace("False", "false", StringComparison.Ordinal),
        TimeSpan time when time == Timeout.InfiniteTimeSpan => "infinite",
        TimeSpan { TotalSeconds: 0 } => "0 s",
        TimeSpan { TotalSeconds: < 1 } time => $"{time.TotalMilliseconds} ms",
        TimeSpan { Seconds: 0, Milliseconds: 0 } time => $"{time.TotalMinutes} min",
        TimeSpan time => $"{time.TotalSeconds} s",
        _ => null,
    };

    private static Dictionary<string, string> Rows(string title)
    {
        string page = Page();
        int start = page.IndexOf($"## {title}\n", StringComparison.Ordinal);
        Assert.True(start >= 0, $"docs/operations.md has no table of {title}");
        int end = page.IndexOf("\n#", start + 4, StringComparison.Ordinal);
        return Row().Matches(page[start..(end < 0 ? page.Length : end)]).ToDictionary(row => row.Groups[1].Value, row => row.Groups[2].Value.Trim());
    }

    private static string Page()
    {
        string repository = typeof(OperationsPageTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(one => one.Key == "Repository").Value!;
        return File.ReadAllText(Path.Combine(repository, "docs", "operations.md")).ReplaceLineEndings("\n");
    }

    [GeneratedRegex(@"^\| `(\w+)` \|([^|]*)\|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
