using System.Globalization;
using System.Text;
using KeyValue;

namespace IrohRpc.Samples.Tests.Stores;

/// <summary>What the store says, as text that a test can compare.</summary>
internal static class StoreText
{
    public static string Text(this Entry entry) => Encoding.UTF8.GetString(entry.Value.Span);

    public static ReadOnlyMemory<byte> Bytes(this string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>A revision as <c>7: a=1 b=2 -c</c>, where <c>-</c> is a deletion.</summary>
    public static string Text(this WatchedRevision revision)
        => string.Create(CultureInfo.InvariantCulture, $"{revision.Revision}: {string.Join(' ', revision.Changes.Select(Text))}");

    private static string Text(WatchedChange change) => change.Entry is { } entry ? $"{change.Key}={entry.Text()}" : $"-{change.Key}";
}
