using System.CommandLine;
using System.Globalization;
using System.Net;
using IrohRpc;
using IrohRpc.Blobs;

namespace Drop;

/// <summary>The options and arguments, with what is said where they break their form.</summary>
internal static class CommandLine
{
    public static Option<string?> Transport()
    {
        var option = new Option<string?>("--transport") { Description = "Use only this transport, by its name, such as 'tls'." };
        return option;
    }

    public static Option<IReadOnlyList<IPEndPoint>> Listen() => new("--listen")
    {
        Description = "Where the receiver reaches this side: 'any' for every address of the machine, or <ip:port>. Default: any, any free port.",
        HelpName = "any|ip:port",
        DefaultValueFactory = _ => ListenAddresses.Any(),
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (text == "any")
            {
                return ListenAddresses.Any();
            }

            if (text.Contains(':') && IPEndPoint.TryParse(text, out IPEndPoint? endPoint))
            {
                return [endPoint];
            }

            result.AddError($"'{text}' is neither 'any' nor an <ip:port> such as 192.0.2.1:4433.");
            return null;
        },
    };

    public static Option<FileInfo?> SecretKeyFile() => new("--secret-key-file")
    {
        Description = "Keeps this side's key. With a fixed port in --listen, the ticket for the same files stays the same after a restart.",
        HelpName = "file",
    };

    public static Option<long?> MaxRate() => new("--max-rate")
    {
        Description = "How many MiB a second are sent at most, to all receivers together. Default: as many as go.",
        HelpName = "MiB/s",
        CustomParser = result =>
        {
            if (double.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out double rate) && rate is > 0 and < 1e6)
            {
                return (long)Math.Max(1, rate * 1024 * 1024);
            }

            result.AddError($"'{result.Tokens[0].Value}' is no rate in MiB a second, such as 2.5.");
            return null;
        },
    };

    public static Argument<BlobTicket> Ticket() => new("ticket")
    {
        Description = "What 'drop send' or 'sendme send' printed.",
        CustomParser = result =>
        {
            try
            {
                return BlobTicket.Parse(result.Tokens[0].Value);
            }
            catch (FormatException problem)
            {
                result.AddError($"That is not a ticket: {problem.Message}");
                return null;
            }
        },
    };
}
