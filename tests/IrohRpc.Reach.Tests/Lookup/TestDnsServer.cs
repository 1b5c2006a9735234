using System.Net;
using System.Net.Sockets;
using IrohRpc.Reach.Lookup.Dns;

namespace IrohRpc.Reach.Tests.Lookup;

/// <summary>A DNS server for TXT records on loopback.</summary>
internal sealed class TestDnsServer : IAsyncDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Task _running;
    private int _queries;

    public TestDnsServer()
    {
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        EndPoint = (IPEndPoint)_socket.LocalEndPoint!;
        _running = RunAsync();
    }

    public IPEndPoint EndPoint { get; }

    public Dictionary<string, string[]> Texts { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>How many queries are not answered first.</summary>
    public int Deaf { get; set; }

    public int Queries => Volatile.Read(ref _queries);

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _running;
    }

    private async Task RunAsync()
    {
        var buffer = new byte[2048];
        try
        {
            while (true)
            {
                SocketReceiveFromResult received = await _socket.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0));
                byte[]? answer = Answer(buffer.AsSpan(0, received.ReceivedBytes));
                if (Interlocked.Increment(ref _queries) > Deaf && answer is not null)
                {
                    await _socket.SendToAsync(answer, SocketFlags.None, received.RemoteEndPoint);
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private byte[]? Answer(ReadOnlySpan<byte> query)
    {
        if (!DnsMessageReader.TryCreate(query, out DnsMessageReader reader) || !reader.TryReadQuestion(out string name, out DnsRecordType type))
        {
            return null;
        }

        bool isKnown = Texts.TryGetValue(name, out string[]? texts);
        var writer = new DnsMessageWriter(1200, (ushort)(0x8580 | (isKnown ? 0 : 3)));
        writer.Question(name, type);
        foreach (string text in texts ?? [])
        {
            writer.Text(DnsSection.Answer, name, text, 30);
        }

        byte[] answer = writer.Written.ToArray();
        query[..2].CopyTo(answer);
        return answer;
    }
}
