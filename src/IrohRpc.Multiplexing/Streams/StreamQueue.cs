using System.Diagnostics.CodeAnalysis;

namespace IrohRpc.Multiplexing.Streams;

/// <summary>Streams in line, first in, first out. The first has its place here, because most lines of most connections have at most one stream.</summary>
internal struct StreamQueue
{
    private MultiplexedStream? _first;
    private Queue<MultiplexedStream>? _others;

    /// <summary>How many streams stand in line.</summary>
    public readonly int Count => _first is null ? 0 : 1 + (_others?.Count ?? 0);

    /// <summary>Puts a stream at the end.</summary>
    public void Enqueue(MultiplexedStream stream)
    {
        if (_first is null)
        {
            _first = stream;
        }
        else
        {
            (_others ??= new Queue<MultiplexedStream>()).Enqueue(stream);
        }
    }

    /// <summary>Looks at the stream in front.</summary>
    public readonly bool TryPeek([NotNullWhen(true)] out MultiplexedStream? stream)
    {
        stream = _first;
        return stream is not null;
    }

    /// <summary>Takes the stream in front.</summary>
    public bool TryDequeue([NotNullWhen(true)] out MultiplexedStream? stream)
    {
        stream = _first;
        MultiplexedStream? next = null;
        _others?.TryDequeue(out next);
        _first = next;
        return stream is not null;
    }

    /// <summary>Empties the line.</summary>
    public void Clear() => this = default;
}
