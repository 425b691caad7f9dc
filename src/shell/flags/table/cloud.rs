//! Owns the conventions of what reaches clouds, clusters and hosting platforms. Does not own container
//! engines, nor kubectl and helm (`tool`).

use super::{Grammar, tool};

/// Tools of clouds, clusters and hosting platforms.
pub(super) fn grammar(program: &str, first: &str) -> Option<Grammar> {
    Some(match program {
        "velero" | "flux" | "argocd" | "argo" | "tkn" | "istioctl" | "linkerd" | "cilium"
        | "kapp" | "helmfile" | "skaffold" | "k9s" | "eksctl" | "kops" | "talosctl" | "rosa" => {
            tool(
                "-n --namespace --context --kube-context --kubecontext --kubeconfig --server --auth-token \
             --config --environment -e -l --selector -f --file --name --region --profile --cluster \
             --state --talosconfig --nodes --endpoints",
                "",
            )
        }
        "etcdctl" | "etcdutl" => tool(
            "--endpoints --cacert --cert --key --user --password --command-timeout --dial-timeout -w \
             --write-out",
            "",
        ),
        "aws" => tool(
            "--profile --region --output --endpoint-url --query --ca-bundle --cli-read-timeout \
             --cli-connect-timeout --color",
            if matches!(first, "s3") {
                "--exclude --include --acl --storage-class --sse --page-size --content-type --grants \
                 --sse-kms-key-id --cache-control --metadata --expires-in"
            } else {
                "--parameters --document-name --targets --acl --bucket --key --policy --backup-retention-period --desired-count --max-size \
                 --desired-capacity --min-size --cluster --service --instance-id --cidr --port \
                 --protocol --group-id --stack-name --function-name --table-name --filters"
            },
        ),
        "heroku" if matches!(first, "run" | "run:detached") => Grammar {
            stop: Some(2),
            ..tool("-a --app -r --remote -s --size -e --env --type", "")
        },
        "gcloud" | "az" | "gsutil" | "bq" | "doctl" | "heroku" | "fly" | "flyctl" | "vercel"
        | "netlify" | "gh" | "glab" | "hcloud" | "linode-cli" | "wrangler" | "firebase"
        | "supabase" | "oci" | "openstack" | "railway" | "pscale" | "neonctl" | "scw" | "mc"
        | "s3cmd" | "s5cmd" | "pulumi" | "cdk" | "sam" | "serverless" | "sls" | "vagrant"
        | "crictl" | "ctr" => tool(cloud(program), ""),
        _ => return None,
    })
}

fn cloud(program: &str) -> &'static str {
    match program {
        "gcloud" => {
            "--project --account --configuration --format --verbosity --region --zone --filter \
             --impersonate-service-account --limit --sort-by --location --billing-project --member \
             --role --secret --source-ranges --authorized-networks --num-nodes --key --keyring \
             --cluster --instance --flags-file --access-token-file"
        }
        "az" => {
            "--scripts --script --command-id -g --resource-group -n --name --subscription -o --output --query -l --location --ids -f --file -s --source -c --container-name -d --destination \
             --account-name --vault-name --source-address-prefixes --source-address-prefix \
             --start-ip-address --end-ip-address --default-action --public-access \
             --public-network-access --allow-blob-public-access --delete-destination"
        }
        "gsutil" => "-h -o -u -i",
        "bq" => "--project_id --dataset_id --location --format",
        "gh" => {
            "-R --repo -H --header -X --method -f --raw-field -F --field -q --jq -t --template --json \
             --input -b --body -B --base --title --hostname -L --limit --body-file -l --label -n \
             --notes --target --notes-file -d --dir --cache --branch"
        }
        "glab" => "-R --repo -X --method -f -F --raw-field --field -b -d --description --title",
        "heroku" => "-a --app -r --remote --confirm -c",
        "fly" | "flyctl" => {
            "-a --app -c --config -t --access-token -r --region -o --org -C --command"
        }
        "vercel" => "-t --token -S --scope -A --local-config --cwd",
        _ => platform(program),
    }
}

fn platform(program: &str) -> &'static str {
    match program {
        "wrangler" => "-c --config -e --env --cwd --name --database-id --namespace-id --binding",
        "firebase" => "-P --project --token -c --config --account --instance --database",
        "supabase" => "--workdir --profile -o --output --db-url --project-ref --network-id -p",
        "oci" => {
            "--profile --config-file --region --auth --output --query --compartment-id --endpoint -c"
        }
        "openstack" => {
            "--os-cloud --os-region-name --os-project-name --os-project-id --os-username --os-password \
             --os-auth-url --os-interface -f --format -c --column"
        }
        "pscale" | "neonctl" => {
            "--org --project-id --api-key --service-token --service-token-id -f --format -o --output \
             --config --config-dir --context-file --branch"
        }
        "mc" | "s3cmd" | "s5cmd" | "scw" => {
            "-C --config-dir -c --config --endpoint-url --profile -p --region --host --older-than \
             --newer-than --access_key --secret_key -o --output"
        }
        "pulumi" => {
            "-C --cwd -s --stack --color --config-file -m --message -p --parallel -t --target"
        }
        "cdk" => "-a --app --profile -c --context -o --output -r --role-arn --require-approval",
        "sam" => "--stack-name --region --profile --config-file --config-env -t --template-file",
        "serverless" | "sls" => "-s --stage -r --region -c --config --aws-profile --param",
        "crictl" | "ctr" => {
            "-r --runtime-endpoint -i --image-endpoint -c --config -t --timeout -a --address -n \
             --namespace --connect-timeout"
        }
        _ => "--access-token --context --output --format -c --config --poll-interval -o -t",
    }
}
