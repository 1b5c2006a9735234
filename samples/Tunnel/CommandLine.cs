using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using IrohRpc;

namespace Tunnel;

/// <summary>The options and arguments that have a form of their own, with what is said where they break it.</summary>
internal static class CommandLine
{
    public static Option<string?> Transport()
    {
        var option = new Option<string?>("--transport")
        {
            Description = "Use only this transport instead of QUIC with TLS as the fallback.",
        };
        option.AcceptOnlyFromAmong("quic", "tls");
        return option;
    }

    public static Option<IReadOnlyList<IPEndPoint>> Listen() => new("--listen")
    {
        Description = "Where peers reach this side: 'any' for every address of the machine, or <ip:port>. Default: loopback, any free port.",
        HelpName = "any|ip:port",
        DefaultValueFactory = _ => ListenAddresses.Loopback(),
        CustomParser = result => Parse(result, ListenOn, "is neither 'any' nor an <ip:port> such as 192.0.2.1:4433"),
    };

    public static Option<ServiceAddress> To() => new("--to")
    {
        Description = "The service to forward to, as this machine reaches it.",
        HelpName = "host:port",
        Required = true,
        CustomParser = result => Parse(
            result,
            text => ServiceAddress.TryParse(text, out ServiceAddress? address) ? address : null,
            "is not a <host:port> such as localhost:5432"),
    };

    public static Option<int> At()
    {
        var option = new Option<int>("--at")
        {
            Description = "The TCP port on loopback where clients connect; 0 takes any free one.",
            HelpName = "port",
            Required = true,
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ } token] && !ushort.TryParse(token.Value, out _))
            {
                result.AddError($"'{token.Value}' is not a port; ports go from 0 to 65535.");
            }
        });
        return option;
    }

    public static Option<FileInfo?> SecretKeyFile() => new("--secret-key-file")
    {
        Description = "Keeps this side's key, and so its id, from one start to the next. Made where it does not exist. "
            + "With a fixed port in --listen, the ticket stays the same too.",
        HelpName = "file",
    };

    public static Argument<TunnelTicket> Ticket() => new("ticket")
    {
        Description = "What 'tunnel listen' printed.",
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (!TunnelTicket.TryParse(text, out TunnelTicket? ticket, out string? problem))
            {
                result.AddError($"'{text}' is not a ticket: {problem}");
            }

            return ticket;
        },
    };

    private static IReadOnlyList<IPEndPoint>? ListenOn(string text)
    {
        if (text == "any")
        {
            return ListenAddresses.Any();
        }

        return text.Contains(':') && IPEndPoint.TryParse(text, out IPEndPoint? endPoint) ? [endPoint] : null;
    }

    private static T? Parse<T>(ArgumentResult result, Func<string, T?> parse, string problem)
        where T : class
    {
        string text = result.Tokens[0].Value;
        T? value = parse(text);
        if (value is null)
        {
            result.AddError($"'{text}' {problem}.");
        }

        return value;
    }
}
