using System.Net.Quic;
using System.Runtime.Versioning;
using IrohRpc.Multiplexing.Streams;

namespace IrohRpc.Transports.MsQuic.Internal;

/// <summary>Reads the peer's control stream, within a fixed number of bytes.</summary>
[SupportedOSPlatform("linux")]
[SupportedOSPlatform("macos")]
[SupportedOSPlatform("windows")]
internal sealed class ControlStreamReader
{
    private const int FirstLength = 32;

    private readonly QuicStream _stream;
    private readonly bool _fromAcceptor;

    // Mostly it never says more than that it is there; what it may say at most is made room for when that comes.
    private byte[] _buffer = new byte[FirstLength];
    private int _start;
    private int _end;

    /// <summary>Prepares to read.</summary>
    /// <param name="stream">The peer's first unidirectional stream; the caller owns it.</param>
    /// <param name="fromAcceptor">Whether the peer accepted the connection, and so says that it did.</param>
    public ControlStreamReader(QuicStream stream, bool fromAcceptor)
    {
        _stream = stream;
        _fromAcceptor = fromAcceptor;
    }

    /// <summary>Reads up to the close.</summary>
    /// <param name="accepted">Called once the acceptor said that it took the connection.</param>
    /// <returns>How the peer closes.</returns>
    /// <exception cref="InvalidDataException">The peer broke the rules.</exception>
    /// <exception cref="QuicException">The connection ended.</exception>
    public async Task<(long ErrorCode, string Reason)> ReadAsync(Action accepted)
    {
        if (_fromAcceptor)
        {
            if (await ReadTypeAsync().ConfigureAwait(false) != ControlMessage.AcceptedType)
            {
                throw new InvalidDataException("the acceptor did not begin with its word that it took the connection");
            }

            accepted();
        }

        long type = await ReadTypeAsync().ConfigureAwait(false);
        if (type != ControlMessage.CloseType)
        {
            throw new InvalidDataException($"there is no message of type {type} here");
        }

        long errorCode;
        string reason;
        while (!ControlMessage.TryDecodeClose(_buffer.AsSpan(_start, _end - _start), out errorCode, out reason))
        {
            if (!await FillAsync().ConfigureAwait(false))
            {
                throw new InvalidDataException("its close is malformed");
            }
        }

        return (errorCode, reason);
    }

    private async ValueTask<long> ReadTypeAsync()
    {
        while (true)
        {
            int length = VariableLengthInteger.TryRead(_buffer.AsSpan(_start, _end - _start), out long type);
            if (length > 0)
            {
                _start += length;
                return type;
            }

            if (!await FillAsync().ConfigureAwait(false))
            {
                throw new InvalidDataException("it ended without a close");
            }
        }
    }

    private async ValueTask<bool> FillAsync()
    {
        if (_end == _buffer.Length)
        {
            if (_end > ControlMessage.MaxStreamLength)
            {
                throw new InvalidDataException("it is longer than it can be");
            }

            Array.Resize(ref _buffer, ControlMessage.MaxStreamLength + 1);
        }

        int count = await _stream.ReadAsync(_buffer.AsMemory(_end)).ConfigureAwait(false);
        _end += count;
        return count > 0;
    }
}
