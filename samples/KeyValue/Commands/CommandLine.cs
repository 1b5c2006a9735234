using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using IrohRpc;
using KeyValue.Service;

namespace KeyValue.Commands;

/// <summary>The commands of the program.</summary>
internal static class CommandLine
{
    private static readonly Argument<EndpointTicket> Ticket = new("ticket")
    {
        Description = "The ticket that serve printed",
        CustomParser = result =>
        {
            try
            {
                return EndpointTicket.Parse(result.Tokens[0].Value);
            }
            catch (FormatException exception)
            {
                result.AddError(exception.Message);
                return null!;
            }
        },
    };

    // A server that is killed does not say goodbye, and over QUIC only its silence tells.
    private static PeerEndpointOptions DialOnly => new()
    {
        ListenOn = [],
        IdleTimeout = TimeSpan.FromSeconds(6),
        KeepAliveInterval = TimeSpan.FromSeconds(2),
    };

    /// <summary>Builds the root command.</summary>
    public static RootCommand Create() => new("A key-value store with revisions, watches and leases, called over IrohRpc")
    {
        Serve(),
        Put(),
        Get(),
        Range(),
        Delete(),
        Watch(),
        Import(),
    };

    private static Command Serve()
    {
        var data = new Option<string>("--data") { Description = "The SQLite file; made if it is not there", Required = true };
        var listen = new Option<IReadOnlyList<IPEndPoint>>("--listen")
        {
            Description = "\"any\" for all of the machine's addresses, or ip:port; loopback by default",
            DefaultValueFactory = _ => ListenAddresses.Loopback(),
            CustomParser = result => ListenOn(result),
        };
        var transport = new Option<string?>("--transport") { Description = "Use only this transport instead of both" };
        transport.AcceptOnlyFromAmong("quic", "tls");
        var key = new Option<FileInfo?>("--secret-key-file") { Description = "Keeps the identity across restarts; made if it is not there" };
        Option<EndpointId[]> writers = Peers("--writer", "Whose id may read and write; may be given again. Without writers and readers, everybody may who reaches the port");
        Option<EndpointId[]> readers = Peers("--reader", "Whose id may read; may be given again");
        var mostBytes = new Option<long>("--max-bytes") { Description = "How large the file may become; 2 GiB by default", DefaultValueFactory = _ => 2L << 30 };
        var command = new Command("serve", "Serves the store, and prints its ticket") { data, mostBytes, writers, readers, listen, transport, key };
        command.SetAction((result, cancellationToken) => ServeCommand.RunAsync(
            result.GetRequiredValue(data),
            result.GetValue(mostBytes),
            new Access(result.GetValue(writers) ?? [], result.GetValue(readers) ?? []),
            result.GetRequiredValue(listen),
            result.GetValue(transport),
            result.GetValue(key),
            cancellationToken));
        return command;
    }

    private static Option<EndpointId[]> Peers(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "id",
        CustomParser = static result =>
        {
            var ids = new List<EndpointId>();
            foreach (Token token in result.Tokens)
            {
                if (!EndpointId.TryParse(token.Value, out EndpointId id))
                {
                    result.AddError($"'{token.Value}' is no id of an endpoint.");
                }

                ids.Add(id);
            }

            return [.. ids];
        },
    };

    private static IReadOnlyList<IPEndPoint>? ListenOn(ArgumentResult result)
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

        result.AddError($"'{text}' is neither 'any' nor an ip:port such as 192.0.2.1:4433.");
        return null;
    }

    private static Command Put()
    {
        var key = new Argument<string>("key");
        var value = new Argument<string>("value");
        return Client("put", "Sets a key", [key, value], [], (store, result, cancellationToken)
            => ClientCommands.PutAsync(store, result.GetRequiredValue(key), result.GetRequiredValue(value), cancellationToken));
    }

    private static Command Get()
    {
        var key = new Argument<string>("key");
        var revision = new Option<long>("--revision") { Description = "As of which revision" };
        return Client("get", "Prints the value of a key", [key], [revision], (store, result, cancellationToken)
            => ClientCommands.GetAsync(store, result.GetRequiredValue(key), result.GetValue(revision), cancellationToken));
    }

    private static Command Range()
    {
        var prefix = Prefix();
        var revision = new Option<long>("--revision") { Description = "As of which revision" };
        var limit = new Option<int>("--limit") { Description = "How many at most" };
        return Client("range", "Prints keys and values in order", [prefix], [revision, limit], (store, result, cancellationToken)
            => ClientCommands.RangeAsync(
                store,
                new RangeRequest(KeyRange.Prefix(result.GetValue(prefix) ?? ""), result.GetValue(revision), result.GetValue(limit)),
                cancellationToken));
    }

    private static Command Delete()
    {
        var key = new Argument<string>("key");
        return Client("delete", "Deletes a key", [key], [], (store, result, cancellationToken)
            => ClientCommands.DeleteAsync(store, result.GetRequiredValue(key), cancellationToken));
    }

    private static Command Watch()
    {
        var prefix = Prefix();
        var from = new Option<long>("--from") { Description = "The first revision; the next one by default" };
        return Client("watch", "Prints changes as they happen, across lost connections", [prefix], [from], (store, result, cancellationToken)
            => ClientCommands.WatchAsync(
                store, KeyRange.Prefix(result.GetValue(prefix) ?? ""), result.GetValue(from), cancellationToken));
    }

    private static Command Import()
    {
        var file = new Argument<string>("tsv") { Description = "A file with a key, a tab and a value in each line" };
        return Client("import", "Puts all rows of a file", [file], [], (store, result, cancellationToken)
            => ClientCommands.ImportAsync(store, result.GetRequiredValue(file), cancellationToken));
    }

    private static Argument<string?> Prefix() => new("prefix") { Description = "What the keys begin with; all keys by default", Arity = ArgumentArity.ZeroOrOne };

    private static Command Client(
        string name,
        string description,
        IEnumerable<Argument> arguments,
        IEnumerable<Option> options,
        Func<IKeyValue, ParseResult, CancellationToken, Task<int>> action)
    {
        var key = new Option<FileInfo?>("--secret-key-file") { Description = "Whose key calls, for a store that names who may; made if it is not there" };
        var command = new Command(name, description) { Ticket, key };
        foreach (Argument argument in arguments)
        {
            command.Arguments.Add(argument);
        }

        foreach (Option option in options)
        {
            command.Options.Add(option);
        }

        command.SetAction(async (result, cancellationToken) =>
        {
            PeerEndpointOptions dialOnly = DialOnly;
            using SecretKey? secret = result.GetValue(key) is { } file ? new SecretKeyFile(file.FullName) { CreateIfMissing = true }.Read() : null;
            dialOnly.SecretKey = secret;
            await using PeerEndpoint endpoint = await PeerEndpoint.BindAsync(dialOnly, cancellationToken);
            return await action(endpoint.Connect<IKeyValue>(result.GetRequiredValue(Ticket)), result, cancellationToken);
        });
        return command;
    }
}
