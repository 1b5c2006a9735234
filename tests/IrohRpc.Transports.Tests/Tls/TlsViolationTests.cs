using System.Net.Security;
using Microsoft.Extensions.Logging;

namespace IrohRpc.Transports.Tests.Tls;

/// <summary>An authenticated peer that breaks QMux's rules is told with which code, over real TLS, and nobody else notices.</summary>
public sealed class TlsViolationTests : IDisposable
{
    private static readonly byte[] NoParameters = [9, 0xff, 0x51, 0x53, 0x30, 0x0d, 0x0a, 0x0d, 0x0a, 0];

    private readonly TlsPeer _acceptor = new();
    private readonly TlsPeer _dialler = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _acceptor.Dispose();
        _dialler.Dispose();
    }

    [Theory]
    [InlineData("021001", 0x0a)] // MAX_DATA
    [InlineData("0bff5153300d0a0d0a020000", 0x08)] // original_destination_connection_id, which QMux forbids
    [InlineData("8000ffff", 0x07)] // a record of 65,535 bytes
    [InlineData("00", 0x0a)] // an empty record
    public async Task A_first_record_without_sound_parameters_makes_no_connection(string record, int code)
    {
        var admission = new RecordingAdmission();
        await using ITransportListener listener = await _acceptor.ListenAsync(admission);
        using Stranger stranger = await Stranger.ConnectAsync(listener.LocalAddress);
        SslStream tls = await stranger.ShakeHandsAsync(_dialler.Certificates.Current);
        await tls.WriteAsync(Convert.FromHexString(record), Token);
        Assert.Equal(code, CloseCode(await stranger.ReadToEndAsync()));
        stranger.Dispose();
        RecordingAdmission.Lease lease = Assert.Single(admission.Leases);
        await lease.Released;
        Assert.Empty(lease.Completed);
        await _dialler.MeetAsync(listener, _acceptor.Id);
        Assert.All(_acceptor.Log.Lines, static line => Assert.Equal(LogLevel.Debug, line.Level));
    }

    [Theory]
    [InlineData("09ff5153300d0a0d0a00", 0x0a)] // the parameters again
    [InlineData("0121", 0x07)] // an unknown frame
    [InlineData("050200000000", 0x07)] // ACK, which QMux forbids
    [InlineData("040a500000", 0x04)] // STREAM 4096: one more than 1,024 streams
    [InlineData("03110101", 0x05)] // MAX_STREAM_DATA for a stream of the acceptor's that is not open
    [InlineData("0104", 0x07)] // half a RESET_STREAM
    public async Task A_violation_closes_the_connection_with_its_code(string record, int code)
    {
        await using ITransportListener listener = await _acceptor.ListenAsync();
        using Stranger stranger = await Stranger.ConnectAsync(listener.LocalAddress);
        SslStream tls = await stranger.ShakeHandsAsync(_dialler.Certificates.Current);
        await tls.WriteAsync(NoParameters, Token);
        await using PeerConnection accepted = await listener.AcceptAsync(Token).AsTask().WaitAsync(TlsPeer.Patience, Token);
        await tls.WriteAsync(Convert.FromHexString(record), Token);
        Assert.Equal(code, CloseCode(await stranger.ReadToEndAsync()));
        stranger.Dispose();
        ConnectionEnd end = await accepted.Closed.WaitAsync(TlsPeer.Patience, Token);
        Assert.Equal((PeerErrorKind.ProtocolViolation, code), (end.Kind, end.ErrorCode));
        await _dialler.MeetAsync(listener, _acceptor.Id);
    }

    // Reads the records up to the CONNECTION_CLOSE of the transport's kind, which is the only frame of its record.
    private static long CloseCode(byte[] received)
    {
        ReadOnlySpan<byte> rest = received;
        while (rest.Length > 0)
        {
            int size = (int)ReadVarint(ref rest);
            ReadOnlySpan<byte> record = rest[..size];
            rest = rest[size..];
            if (ReadVarint(ref record) == 0x1c)
            {
                Assert.True(rest.IsEmpty, "Nothing follows a CONNECTION_CLOSE.");
                return ReadVarint(ref record);
            }
        }

        throw new InvalidOperationException($"No CONNECTION_CLOSE in {Convert.ToHexString(received)}.");
    }

    private static long ReadVarint(ref ReadOnlySpan<byte> bytes)
    {
        int length = 1 << (bytes[0] >> 6);
        long value = bytes[0] & 0x3f;
        for (int i = 1; i < length; i++)
        {
            value = (value << 8) | bytes[i];
        }

        bytes = bytes[length..];
        return value;
    }
}
