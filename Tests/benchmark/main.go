// A small Go program that does what jelou-inventory is measured against: it fetches every project of a list with a
// bounded number of workers and writes CSV and JSON Lines. It keeps no database.
//
//	peer BASE-URL LIST FOLDER CONCURRENCY RATE CA-FILE      a rate of 0 is none; an empty CA-FILE means the system's roots
package main

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"sync"
	"time"
)

type integration struct {
	ID         string `json:"id"`
	BrainID    string `json:"brainId"`
	WebhookURL string `json:"webhookUrl"`
	AuthType   string `json:"authType"`
	CreatedAt  string `json:"createdAt"`
	UpdatedAt  string `json:"updatedAt"`
}

type result struct {
	ProjectID   string            `json:"project_id"`
	Input       map[string]string `json:"input"`
	Outcome     string            `json:"outcome"`
	Status      int               `json:"http_status"`
	Integration *integration      `json:"integration"`
	Error       string            `json:"error,omitempty"`
}

func main() {
	base, list, folder := os.Args[1], os.Args[2], os.Args[3]
	concurrency, rate := number(os.Args[4]), number(os.Args[5])
	client := &http.Client{Transport: transport(concurrency, os.Args[6]), Timeout: 30 * time.Second}

	file, err := os.Open(list)
	check(err)
	rows, err := csv.NewReader(bufio.NewReader(file)).ReadAll()
	check(err)
	header, rows := rows[0], rows[1:]
	results := make([]result, len(rows))

	work := make(chan int, concurrency)
	var workers sync.WaitGroup
	for i := 0; i < concurrency; i++ {
		workers.Add(1)
		go func() {
			defer workers.Done()
			for index := range work {
				results[index] = fetch(client, base, rows[index][0])
			}
		}()
	}
	start := time.Now()
	for index := range rows {
		if rate > 0 {
			time.Sleep(time.Until(start.Add(time.Duration(index) * time.Second / time.Duration(rate))))
		}
		work <- index
	}
	close(work)
	workers.Wait()
	write(folder, header, rows, results)
}

func transport(concurrency int, caFile string) *http.Transport {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConns, transport.MaxIdleConnsPerHost, transport.MaxConnsPerHost = concurrency, concurrency, concurrency
	if caFile != "" {
		pem, err := os.ReadFile(caFile)
		check(err)
		roots := x509.NewCertPool()
		roots.AppendCertsFromPEM(pem)
		transport.TLSClientConfig = &tls.Config{RootCAs: roots}
	}
	return transport
}

func fetch(client *http.Client, base, id string) result {
	var last result
	for attempt := 1; attempt <= 3; attempt++ {
		last = ask(client, base, id)
		if last.Outcome != "failed" {
			return last
		}
		time.Sleep(time.Duration(attempt) * 200 * time.Millisecond)
	}
	return last
}

func ask(client *http.Client, base, id string) result {
	request, err := http.NewRequest(http.MethodGet, base+"/external-support/"+url.PathEscape(id), nil)
	check(err)
	request.Header.Set("x-api-key", "measurement")
	request.Header.Set("accept", "application/json")
	response, err := client.Do(request)
	if err != nil {
		return result{ProjectID: id, Outcome: "failed", Error: err.Error()}
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	answer := result{ProjectID: id, Outcome: "failed", Status: response.StatusCode}
	switch {
	case err != nil:
		answer.Error = err.Error()
	case response.StatusCode == http.StatusNotFound:
		answer.Outcome = "not_found"
	case response.StatusCode == http.StatusOK:
		var found integration
		if err := json.Unmarshal(body, &found); err != nil || found.WebhookURL == "" {
			answer.Outcome = "invalid_response"
		} else {
			answer.Outcome, answer.Integration = "found", &found
		}
	}
	return answer
}

func write(folder string, header []string, rows [][]string, results []result) {
	csvFile, err := os.Create(folder + "/inventory.csv")
	check(err)
	jsonFile, err := os.Create(folder + "/inventory.jsonl")
	check(err)
	table := csv.NewWriter(bufio.NewWriterSize(csvFile, 1<<16))
	buffer := bufio.NewWriterSize(jsonFile, 1<<16)
	lines := json.NewEncoder(buffer)
	check(table.Write(append(append([]string{}, header...), "outcome", "http_status", "integration_id", "brain_id",
		"webhook_url", "auth_type", "created_at", "updated_at")))
	for index, row := range rows {
		answer := results[index]
		found := answer.Integration
		if found == nil {
			found = &integration{}
		}
		check(table.Write(append(append([]string{}, row...), answer.Outcome, strconv.Itoa(answer.Status), found.ID,
			found.BrainID, found.WebhookURL, found.AuthType, found.CreatedAt, found.UpdatedAt)))
		answer.Input = map[string]string{}
		for column := 1; column < len(row); column++ {
			answer.Input[header[column]] = row[column]
		}
		check(lines.Encode(answer))
	}
	table.Flush()
	check(table.Error())
	check(buffer.Flush())
	check(csvFile.Close())
	check(jsonFile.Close())
	fmt.Fprintln(os.Stderr, len(rows), "projects")
}

func number(text string) int {
	value, err := strconv.Atoi(text)
	check(err)
	return value
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
