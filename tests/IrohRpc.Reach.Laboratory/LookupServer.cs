using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using IrohRpc.Reach.Lookup;
using IrohRpc.Reach.Lookup.Dns;
using IrohRpc.Reach.Lookup.Pkarr;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace IrohRpc.Reach.Laboratory;

/// <summary>Stands in for the public servers: takes signed packets by HTTP (pkarr), and answers for them there and by DNS, under any origin.</summary>
internal sealed class LookupServer : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, SignedPacket> _packets = new(StringComparer.OrdinalIgnoreCase);
    private readonly WebApplication _application;
    private readonly Socket _dns = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Action<EndpointData> _published;
    private Task _answering = Task.CompletedTask;

    private LookupServer(WebApplication application, Action<EndpointData> published) => (_application, _published) = (application, published);

    /// <summary>Starts both servers.</summary>
    /// <param name="http">Where packets are taken and given.</param>
    /// <param name="dns">Where names are resolved.</param>
    /// <param name="published">Called for each packet that was taken.</param>
    public static async Task<LookupServer> StartAsync(IPEndPoint http, IPEndPoint dns, Action<EndpointData> published)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(http));
        builder.Services.AddRoutingCore();
        var server = new LookupServer(builder.Build(), published);
        server._application.MapPut("/pkarr/{id}", (RequestDelegate)server.PutAsync);
        server._application.MapGet("/pkarr/{id}", (RequestDelegate)server.GetAsync);
        server._dns.Bind(dns);
        server._answering = server.AnswerAsync();
        await server._application.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        _dns.Dispose();
        await _answering;
        await _application.DisposeAsync();
    }

    private async Task PutAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        string name = (string)context.Request.RouteValues["id"]!;
        bool isTaken = ZBase32.TryDecode(name, out EndpointId id) && SignedPacket.TryParse(id, body.ToArray(), out SignedPacket? packet, out _)
            && _packets.AddOrUpdate(name, packet, (_, before) => packet.Timestamp > before.Timestamp ? packet : before) == packet;
        if (isTaken)
        {
            _published(_packets[name].Data);
        }

        context.Response.StatusCode = isTaken ? StatusCodes.Status204NoContent : StatusCodes.Status400BadRequest;
    }

    private async Task GetAsync(HttpContext context)
    {
        if (_packets.TryGetValue((string)context.Request.RouteValues["id"]!, out SignedPacket? packet))
        {
            await context.Response.Body.WriteAsync(packet.Bytes);
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        }
    }

    private async Task AnswerAsync()
    {
        var buffer = new byte[2048];
        try
        {
            while (true)
            {
                SocketReceiveFromResult received = await _dns.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0));
                if (Answer(buffer.AsSpan(0, received.ReceivedBytes)) is { } answer)
                {
                    await _dns.SendToAsync(answer, SocketFlags.None, received.RemoteEndPoint);
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

        string[] labels = name.Split('.');
        SignedPacket? packet = labels is ["_iroh", var id, ..] && type == DnsRecordType.Txt ? _packets.GetValueOrDefault(id) : null;
        var writer = new DnsMessageWriter(1200, (ushort)(0x8580 | (packet is null ? 3 : 0)));
        writer.Question(name, type);
        foreach (string text in packet?.Data.ToAttributes() ?? [])
        {
            writer.Text(DnsSection.Answer, name, text, 30);
        }

        byte[] answer = writer.Written.ToArray();
        query[..2].CopyTo(answer);
        return answer;
    }
}
