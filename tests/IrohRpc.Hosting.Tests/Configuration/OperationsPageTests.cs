using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

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
        TimeSpan { Seconds: 0 } time => $"{time.TotalMinutes} min",
        TimeSpan time => $"{time.TotalSeconds} s",
        _ => null,
    };

    private static Dictionary<string, string> Rows(string title)
    {
        string repository = typeof(OperationsPageTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(one => one.Key == "Repository").Value!;
        string page = File.ReadAllText(Path.Combine(repository, "docs", "operations.md")).ReplaceLineEndings("\n");
        int start = page.IndexOf($"### {title}\n", StringComparison.Ordinal);
        Assert.True(start >= 0, $"docs/operations.md has no table of {title}");
        int end = page.IndexOf("\n#", start + 4, StringComparison.Ordinal);
        return Row().Matches(page[start..(end < 0 ? page.Length : end)]).ToDictionary(row => row.Groups[1].Value, row => row.Groups[2].Value.Trim());
    }

    [GeneratedRegex(@"^\| `(\w+)` \|([^|]*)\|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
