using System.Collections.Concurrent;
using System.Globalization;

namespace IrohRpc.Hostile;

/// <summary>How an attacker's streams and connections ended, so that the table can say with which code it is cut off.</summary>
internal sealed class Outcomes
{
    private readonly ConcurrentDictionary<string, int> _counts = new();

    /// <summary>Counts an end.</summary>
    public void Note(string what) => _counts.AddOrUpdate(what, 1, static (_, count) => count + 1);

    /// <summary>Counts what an operation failed with.</summary>
    public void Note(PeerException exception)
        => Note(exception.ErrorCode is { } code ? string.Create(CultureInfo.InvariantCulture, $"{exception.Kind} 0x{code:x}") : $"{exception.Kind}");

    /// <summary>The end that was met most often.</summary>
    public override string ToString() => _counts.IsEmpty ? "not cut off" : string.Join(", ", _counts.OrderByDescending(static pair => pair.Value).Take(2).Select(static pair => $"{pair.Key} × {pair.Value}"));
}
